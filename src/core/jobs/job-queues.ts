import type { Queue } from 'pg-boss';
import type { Job, JobHandler } from './job.js';

const RETRY_SECONDS_MAX = 3_600;
/** A job whose process shows no sign of life for that long is given to another; the least that pg-boss takes. */
const HEARTBEAT_SECONDS = 10;
const KEEP_DONE_SECONDS = 3 * 86_400;
/** Until then somebody should have started a process that does it. */
const KEEP_WAITING_SECONDS = 30 * 86_400;

/** pg-boss's queues for the jobs, each after the one that it hands its given-up jobs to. */
export function queuesOf(handlers: ReadonlyMap<Job<object>, JobHandler<object>>): Queue[] {
  return [...handlers].flatMap(([job, { giveUp }]) => {
    if (giveUp === undefined) return [queueOf(job)];
    const givenUp = givenUpJob(job);
    return [queueOf(givenUp), { ...queueOf(job), deadLetter: givenUp.name }];
  });
}

/** Telling the feature that a job was given up; tried for days, for it is what a client is told. */
export function givenUpJob({ name }: Job<object>): Job<object> {
  return { name: `${name}.given-up`, retries: 100, retryAfterSeconds: 5, secondsMax: 60 };
}

function queueOf({ name, retries, retryAfterSeconds, secondsMax, schedule }: Job<object>): Queue {
  return {
    name,
    // A run that is due while the last one goes on, or still waits, is left out.
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
