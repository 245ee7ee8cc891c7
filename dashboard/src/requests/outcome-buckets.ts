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

/** Every bucket of the period, with or without requests. */
export function bucketsOf(
  { bucket_seconds, buckets }: RequestSummary,
  { from, to }: Period,
  now = Date.now(),
): OutcomeBucket[] {
  const length = bucket_seconds * 1_000;
  const counted = new Map(buckets.map((bucket) => [Date.parse(bucket.start), bucket]));
  const end = to === undefined ? now : Date.parse(to);
  const [first] = [...counted.keys()].toSorted((a, b) => a - b);
  // The server decides where a day starts.
  const offset = first === undefined ? 0 : first % length;
  const start = Math.floor((Date.parse(from ?? '') - offset) / length) * length + offset;
  const all: OutcomeBucket[] = [];
  for (let at = start; at < end; at += length) {
    const bucket = counted.get(at);
    const reasons = Object.entries(bucket?.denied ?? {}).toSorted(([, a], [, b]) => b - a);
    const denied = reasons.reduce((sum, [, requests]) => sum + requests, 0);
    all.push({ start: at, end: at + length, allowed: bucket?.allowed ?? 0, denied, reasons });
  }
  return all;
}

/** A round number of at least the given one, for the top of an axis. */
export function axisTop(most: number): number {
  if (most <= 4) return 4;
  const power = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 4, 5, 8, 10].map((step) => step * power).find((top) => top >= most)!;
}
