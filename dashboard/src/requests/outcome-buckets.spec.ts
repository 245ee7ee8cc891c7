import { expect, it } from 'vitest';
import { axisTop, bucketsOf } from './outcome-buckets';

const HOUR = 3_600_000;
const NOW = Date.parse('2026-11-29T10:20:00.000Z');
const summary = (
  bucket_seconds: number,
  buckets: { start: string; allowed: number; denied: Record<string, number> }[],
) => ({
  bucket_seconds,
  buckets,
  allowed: 0,
  denied: 0,
  by_reason: [],
});

it('every hour of the period has a bucket, the one that runs too', () => {
  const start = '2026-11-29T09:00:00.000Z';
  const buckets = bucketsOf(
    summary(3_600, [{ start, allowed: 7, denied: { rate_limited: 1, scope_missing: 3 } }]),
    { from: '2026-11-29T08:00:00.000Z' },
    NOW,
  );
  expect(buckets.map(({ allowed, denied }) => [allowed, denied])).toEqual([
    [0, 0],
    [7, 4],
    [0, 0],
  ]);
  expect(buckets[1]).toEqual({
    start: Date.parse(start),
    end: Date.parse(start) + HOUR,
    allowed: 7,
    denied: 4,
    reasons: [
      ['scope_missing', 3],
      ['rate_limited', 1],
    ],
  });
});

it('the hours of a week are merged into bars of four', () => {
  const buckets = bucketsOf(
    summary(3_600, [
      { start: '2026-11-22T11:00:00.000Z', allowed: 1, denied: { rate_limited: 1 } },
      { start: '2026-11-22T14:00:00.000Z', allowed: 2, denied: { rate_limited: 2 } },
      { start: '2026-11-22T15:00:00.000Z', allowed: 8, denied: {} },
    ]),
    { from: '2026-11-22T11:00:00.000Z' },
    NOW,
  );
  expect(buckets.length).toBe(42);
  expect(buckets[0]!.end - buckets[0]!.start).toBe(4 * HOUR);
  expect(buckets.slice(0, 3).map(({ allowed, denied }) => [allowed, denied])).toEqual([
    [3, 3],
    [8, 0],
    [0, 0],
  ]);
});

it('buckets of a day start where those of the server do', () => {
  const buckets = bucketsOf(summary(86_400, [{ start: '2026-11-28T00:00:00.000Z', allowed: 1, denied: {} }]), {
    from: '2026-11-27T11:00:00.000Z',
    to: '2026-11-29T10:20:00.000Z',
  });
  expect(buckets.map(({ start, allowed }) => [new Date(start).toISOString().slice(0, 13), allowed])).toEqual([
    ['2026-11-27T00', 0],
    ['2026-11-28T00', 1],
    ['2026-11-29T00', 0],
  ]);
});

it.each([
  [0, 4],
  [3, 4],
  [9, 10],
  [10, 10],
  [11, 20],
  [437, 500],
  [5_001, 8_000],
])('an axis for %d ends at %d', (most, top) => {
  expect(axisTop(most)).toBe(top);
});
