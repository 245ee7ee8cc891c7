import type { RequestSummary } from '../api/request-types';
import type { Period } from './request-period';

export interface OutcomeBucket {
  /** Milliseconds since the epoch, as is `end`. */
  readonly start: number;
  readonly end: number;
  readonly allowed: number;
  readonly denied: number;
  /** Most frequent first. */
  readonly reasons: readonly (readonly [reason: string, requests: number])[];
}

const BUCKETS_MAX = 48;
/** Divisors of a day, so that a bar is always of the same hours. */
const MERGED = [1, 2, 3, 4, 6, 8, 12, 24];

/** Every bucket of the period, with or without requests, merged so that they aren't too many for bars. */
export function bucketsOf(summary: RequestSummary, { from, to }: Period, now = Date.now()): OutcomeBucket[] {
  const counted = summary.bucket_seconds * 1_000;
  const start = Math.floor(Date.parse(from ?? '') / counted) * counted;
  const end = to === undefined ? now : Date.parse(to);
  const merged = MERGED.find((number) => (end - start) / (counted * number) <= BUCKETS_MAX) ?? 24;
  const length = counted * merged;
  const count = Math.max(1, Math.ceil((end - start) / length));
  const buckets = Array.from({ length: count }, () => ({ allowed: 0, denied: new Map<string, number>() }));
  for (const { start: at, allowed, denied } of summary.buckets) {
    const bucket = buckets[Math.floor((Date.parse(at) - start) / length)];
    if (bucket === undefined) continue;
    bucket.allowed += allowed;
    for (const [reason, requests] of Object.entries(denied)) {
      bucket.denied.set(reason, (bucket.denied.get(reason) ?? 0) + requests);
    }
  }
  return buckets.map(({ allowed, denied }, index) => ({
    start: start + index * length,
    end: start + (index + 1) * length,
    allowed,
    denied: [...denied.values()].reduce((sum, requests) => sum + requests, 0),
    reasons: [...denied].toSorted(([, a], [, b]) => b - a),
  }));
}

/** A round number of at least the given one, for the top of an axis. */
export function axisTop(most: number): number {
  if (most <= 4) return 4;
  const power = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 4, 5, 8, 10].map((step) => step * power).find((top) => top >= most)!;
}
