import { EXAMPLE_TOKENS as TOKENS } from '../../../core/wire/example-ids.js';
import { defineExamples } from '../../../core/wire/examples.js';

export const mediaExamples = defineExamples({
  schemas: { UploadedMedia: { id: TOKENS.media, url: `https://gatehouse.example/media/${TOKENS.media}` } },
  paths: { '/media/{id}': TOKENS.media },
  operations: { 'mediaUpload.add': { form: { file: 'harbour-at-night.png' } } },
});
