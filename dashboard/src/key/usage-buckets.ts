import type { UsageHour } from '../api/wire';

export type UsageRange = '24h' | '7d' | '30d';

export interface UsageBucket {
  /** Its first instant. */
  readonly start: number;
  readonly requests: number;
  readonly refused: number;
}

const COUNTS = { '24h': 24, '7d': 7, '30d': 30 } as const;

/**
 * Every hour of the last day, or every day of the viewer's zone of the last week or month, the ones without requests
 * too. Hours are those of the UTC clock, as the server counts them.
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
  // Not by milliseconds: days on which clocks change are longer or shorter.
  return ago.map((days) => new Date(now.getFullYear(), now.getMonth(), now.getDate() - days).getTime());
}
