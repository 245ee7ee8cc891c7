import { defineJob } from '../../../core/jobs/job.js';

/** A step of one batch of contacts. */
export interface BatchStep {
  readonly org_id: string;
  readonly run_id: string;
  readonly batch: number;
  readonly position: number;
}

export const SEQUENCE_STEP = defineJob<BatchStep>({
  name: 'sequence-step',
  retries: 100,
  retryAfterSeconds: 5,
  secondsMax: 120,
  atOnce: 4,
});

const MINUTE_MS = 60_000;

/** Options of a job that starts after a delay. */
export function inMinutes(minutes: number): { after?: Date } {
  return minutes === 0 ? {} : { after: new Date(Date.now() + minutes * MINUTE_MS) };
}
