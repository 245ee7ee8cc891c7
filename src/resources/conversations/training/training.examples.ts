import { defineExamples } from '../../../core/wire/examples.js';
import { EXAMPLE_IDS as IDS } from '../../../core/wire/example-ids.js';

const TRAINING = {
  title: 'Refunds of cancelled cruises',
  content: 'Say that the money arrives within five working days. Never promise a date.',
  type: 'BEHAVIORAL',
  is_draft: false,
  restricted_to_channels: ['web', 'email'],
  restricted_to_segments: ['guests'],
  metadata: { owner: 'booking-desk' },
  start_time: null,
  end_time: null,
};

export const trainingExamples = defineExamples({
  schemas: {
    Training: { id: IDS.training, ...TRAINING, published_at: '2026-03-02T09:30:00.000Z' },
    CreateTrainingDto: TRAINING,
    PutTrainingDto: { content: 'Say that the money arrives within three working days. Never promise a date.' },
  },
  paths: { '/training/{id}': IDS.training },
  operations: { 'training.list': { query: { type: 'BEHAVIORAL', is_draft: false } } },
});
