import type { UsageHour } from '../api/wire';

export type UsageRange = '24h' | '7d' | '30d';

export interface UsageBucket {
  /** The start of the bucket. */
  readonly start: number;
  readonly requests: number;
  readonly refused: number;
}

const COUNTS = { '24h': 24, '7d': 7, '30d': 30 } as const;

/**
 * Every hour of the last day, or every day of the last week or month in the time zone of the viewer, with or without
 * requests. Hours start on the UTC hour, as on the server.
 */
export function bucketsOf(series: readonly UsageHour[], range: UsageRange, now = new Date()): UsageBucket[] {
  const buckets = startsOf(range, now).map((start) => ({ start, requests: 0, refused: 0 }));
  for (const { hour, requests, refused } of series) {
    const at = Date.parse(hour);
    const bucket = buckets.findLast(({ start }) => start <= at);
    if (!bucket) continue;
    bucket.requests += requests;
    bucket.refused += refused;
  }
  return buckets;
}

function startsOf(range: UsageRange, now: Date): number[] {
  const ago = Array.from({ length: COUNTS[range] }, (_, index) => COUNTS[range] - 1 - index);
  if (range === '24h') {
    const hour = 3_600_000;
    return ago.map((hours) => (Math.floor(now.getTime() / hour) - hours) * hour);
  }
  // Not by milliseconds, because days with a clock change are longer or shorter.
  return ago.map((days) => new Date(now.getFullYear(), now.getMonth(), now.getDate() - days).getTime());
}
