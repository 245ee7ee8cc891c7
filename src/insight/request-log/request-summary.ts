import { Injectable } from '@nestjs/common';
import { guardOfReason, REFUSAL_REASONS } from '../../access/errors/refusal-reasons.js';
import { Database } from '../../core/database/database.js';
import { invalidField } from '../../core/errors/invalid-request.js';
import { endOfRangeMs } from '../../kit/lists/date-range.js';
import { Usage } from '../../kit/usage/usage.service.js';
import type { RequestSummaryQuery } from './request-filters.dto.js';
import type { DenialCount, RequestBucket, RequestSummary } from './request-view.dto.js';

const HOUR_SECONDS = 3_600;
const DAY_SECONDS = 86_400;
const DEFAULT_RANGE_MS = DAY_SECONDS * 1_000;
/** A longer range is shown by the day. */
const HOURLY_RANGE_MS = 7 * DAY_SECONDS * 1_000;
/** As long as usage is kept. */
const DAYS_MAX = 400;

/** Denied before the key was authenticated, so `key_usage` doesn't count the request. */
const REJECTIONS = REFUSAL_REASONS.filter((reason) => guardOfReason(reason) === 'Authentication');

/**
 * Counts by bucket and reason; without a reason: allowed. Usage from before reasons were counted has refusals without a
 * reason. Each table is read once and summed up by the hour, because 10,000 keys have 7 million rows in 30 days.
 */
const COUNTS = `
  WITH used AS (
    SELECT hour, sum(requests - refused) AS allowed, sum(refused) AS refused FROM key_usage
    WHERE org_id = $1 AND hour >= $2 AND hour < $3 AND ($4::uuid IS NULL OR key_id = $4) GROUP BY hour
  ), denied AS (
    SELECT hour, reason, sum(requests) AS requests FROM key_refusals
    WHERE org_id = $1 AND hour >= $2 AND hour < $3 AND ($4::uuid IS NULL OR key_id = $4) GROUP BY hour, reason
  ), explained AS (
    SELECT hour, sum(requests) AS requests FROM denied WHERE reason <> ALL ($6::text[]) GROUP BY hour
  ), counted AS (
    SELECT hour, NULL AS reason, allowed AS requests FROM used
    UNION ALL
    SELECT hour, reason, requests FROM denied
    UNION ALL
    SELECT hour, 'unknown', used.refused - coalesce(explained.requests, 0) FROM used LEFT JOIN explained USING (hour)
    WHERE used.refused > coalesce(explained.requests, 0)
  )
  SELECT floor(extract(epoch FROM hour) / $5)::float8 AS bucket, reason, sum(requests)::float8 AS requests
  FROM counted GROUP BY 1, 2`;

interface Count {
  /** The number of buckets since 1970. */
  readonly bucket: number;
  readonly reason: string | null;
  readonly requests: number;
}

/** The period of a summary: whole buckets. */
export interface SummaryPeriod {
  readonly bucketSeconds: number;
  readonly startMs: number;
  /** Not included. */
  readonly endMs: number;
}

/** Counts requests by their outcome over time. */
@Injectable()
export class RequestSummaries {
  constructor(
    private readonly database: Database,
    private readonly usage: Usage,
  ) {}

  /** Includes requests of this process that aren't stored yet. */
  async summary(orgId: string, { api_key_id, ...range }: RequestSummaryQuery): Promise<RequestSummary> {
    const period = periodOf(range);
    await this.usage.flush();
    const { rows } = await this.database.query(COUNTS, [
      orgId,
      new Date(period.startMs),
      new Date(period.endMs),
      api_key_id ?? null,
      period.bucketSeconds,
      REJECTIONS,
    ]);
    return summaryOf(period, rows as unknown as Count[]);
  }
}

/**
 * By default the last 24 hours. Both ends are included, and widened to whole buckets.
 * @throws AppError invalid_request (400)
 */
export function periodOf({ from, to }: Pick<RequestSummaryQuery, 'from' | 'to'>, nowMs = Date.now()): SummaryPeriod {
  const lastMs = to === undefined ? nowMs : endOfRangeMs(to);
  const firstMs = from === undefined ? lastMs - DEFAULT_RANGE_MS : Date.parse(from);
  if (firstMs > lastMs) throw invalidField('to', 'to must not be before from');
  if (lastMs - firstMs > DAYS_MAX * DAY_SECONDS * 1_000) {
    throw invalidField('from', `from must be at most ${DAYS_MAX} days before to`);
  }
  const bucketSeconds = lastMs - firstMs > HOURLY_RANGE_MS ? DAY_SECONDS : HOUR_SECONDS;
  const bucketMs = bucketSeconds * 1_000;
  const startMs = Math.floor(firstMs / bucketMs) * bucketMs;
  return { bucketSeconds, startMs, endMs: (Math.floor(lastMs / bucketMs) + 1) * bucketMs };
}

export function summaryOf({ bucketSeconds, startMs, endMs }: SummaryPeriod, counts: readonly Count[]): RequestSummary {
  const bucketMs = bucketSeconds * 1_000;
  const buckets = Array.from({ length: (endMs - startMs) / bucketMs }, (_, index): RequestBucket => {
    return { start: new Date(startMs + index * bucketMs).toISOString(), allowed: 0, denied: {} };
  });
  const byReason = new Map<string, number>();
  let allowed = 0;
  for (const { bucket, reason, requests } of counts) {
    const counted = buckets[bucket - startMs / bucketMs]!;
    if (reason === null) {
      counted.allowed = requests;
      allowed += requests;
    } else {
      counted.denied[reason] = requests;
      byReason.set(reason, (byReason.get(reason) ?? 0) + requests);
    }
  }
  const by_reason = [...byReason].map(([reason, requests]): DenialCount => ({ reason, requests }));
  by_reason.sort((one, other) => other.requests - one.requests);
  const denied = by_reason.reduce((sum, { requests }) => sum + requests, 0);
  return { bucket_seconds: bucketSeconds, buckets, allowed, denied, by_reason };
}
