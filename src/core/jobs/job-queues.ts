import type { Queue } from 'pg-boss';
import type { Job, JobHandler } from './job.js';

const RETRY_SECONDS_MAX = 3_600;
/** After so long without a heartbeat, another process takes the job. pg-boss's minimum. */
const HEARTBEAT_SECONDS = 10;
const KEEP_DONE_SECONDS = 3 * 86_400;
/** A process that handles the job should start within this time. */
const KEEP_WAITING_SECONDS = 30 * 86_400;

/** pg-boss's queues for the jobs; the dead-letter queue of each job comes before its own. */
export function queuesOf(handlers: ReadonlyMap<Job<object>, JobHandler<object>>): Queue[] {
  return [...handlers].flatMap(([job, { giveUp }]) => {
    if (giveUp === undefined) return [queueOf(job)];
    const givenUp = givenUpJob(job);
    return [queueOf(givenUp), { ...queueOf(job), deadLetter: givenUp.name }];
  });
}

/** The job that calls `giveUp`. Retried for days, because clients see its result. */
export function givenUpJob({ name }: Job<object>): Job<object> {
  return { name: `${name}.given-up`, retries: 100, retryAfterSeconds: 5, secondsMax: 60 };
}

function queueOf({ name, retries, retryAfterSeconds, secondsMax, schedule }: Job<object>): Queue {
  return {
    name,
    // Skips a run that is due while the last one is queued or running.
    policy: schedule ? 'exclusive' : 'standard',
    retryLimit: retries,
    retryDelay: retryAfterSeconds,
    retryBackoff: true,
    retryDelayMax: RETRY_SECONDS_MAX,
    expireInSeconds: secondsMax,
    heartbeatSeconds: HEARTBEAT_SECONDS,
    deleteAfterSeconds: KEEP_DONE_SECONDS,
    retentionSeconds: KEEP_WAITING_SECONDS,
  };
}
