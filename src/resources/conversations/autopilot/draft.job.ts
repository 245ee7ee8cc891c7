import { defineJob } from '../../../core/jobs/job.js';
import type { Asked } from './model-answers.service.js';

export const DRAFT = defineJob<Asked>({
  name: 'autopilot-draft',
  retries: 3,
  retryAfterSeconds: 10,
  secondsMax: 150,
  atOnce: 6,
});
