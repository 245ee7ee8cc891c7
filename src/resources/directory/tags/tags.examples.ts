import { defineExamples } from '../../../core/wire/examples.js';

const TAG = { tag_name: 'refund', description: 'Asks for money back.', exclude_from_auto_tagging: false };

export const tagExamples = defineExamples({
  schemas: { Tag: TAG, PutTagDto: TAG },
  paths: { '/tags/{tag_name}': 'refund' },
});
