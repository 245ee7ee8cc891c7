import { defineGroupedJob } from '../../core/jobs/job.js';

/** Jobs from before 2026-11-30 have an `org_id` instead of the endpoint and the turn. */
export interface DeliveryKey {
  readonly id: string;
  readonly endpoint_id: string;
  readonly turn: number;
  /** A person waits for it, so that a pause of the endpoint doesn't count. */
  readonly isUrgent?: boolean;
}

/**
 * Makes one attempt. A failed attempt enqueues the next one; pg-boss repeats a job only after a crash or an error of the
 * server itself. A slow endpoint holds at most four workers of each process.
 */
export const WEBHOOK_DELIVERY = defineGroupedJob<DeliveryKey>({
  name: 'webhook-delivery',
  retries: 80,
  retryAfterSeconds: 5,
  secondsMax: 60,
  atOnce: 16,
  atOncePerGroup: 4,
  groupOf: ({ endpoint_id }) => endpoint_id,
});
