import { afterAll } from 'vitest';
import type { Job } from '../../src/core/jobs/job.js';

type Retries = Pick<Job<object>, 'retries' | 'retryAfterSeconds'>;

/** Changes a job for the tests of one file; the process that runs it runs others after it. */
export function changeJob(job: Retries, settings: Partial<Retries>): void {
  const { retries, retryAfterSeconds } = job;
  Object.assign(job, settings);
  afterAll(() => void Object.assign(job, { retries, retryAfterSeconds }));
}
