import { afterAll } from 'vitest';
import type { Job } from '../../src/core/jobs/job.js';

type Retries = Pick<Job<object>, 'retries' | 'retryAfterSeconds'>;

/** Changes a job for the tests of one file, and restores it for later files of the process. */
export function changeJob(job: Retries, settings: Partial<Retries>): void {
  const { retries, retryAfterSeconds } = job;
  Object.assign(job, settings);
  afterAll(() => void Object.assign(job, { retries, retryAfterSeconds }));
}
