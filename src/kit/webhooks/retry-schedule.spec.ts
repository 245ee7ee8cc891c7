import { describe, expect, it } from 'vitest';
import { GIVE_UP_AFTER_MS, nextAttemptAt } from './retry-schedule.js';

const NOW = new Date('2026-03-02T09:00:00.000Z');
const secondsUntil = (failed: number, retryAfter?: string) =>
  (nextAttemptAt(failed, 5, retryAfter, NOW).getTime() - NOW.getTime()) / 1_000;

describe('the delay before the next attempt', () => {
  it.each([
    [1, 5],
    [2, 15],
    [5, 405],
    [8, 10_935],
    [9, 21_600],
    [500, 21_600],
  ])('grows with the failures: after %d it is %d s, or up to a fifth longer', (failed, seconds) => {
    for (let count = 0; count < 100; count++) {
      expect(secondsUntil(failed)).toBeGreaterThanOrEqual(seconds);
      expect(secondsUntil(failed)).toBeLessThanOrEqual(seconds * 1.2);
    }
  });

  it('allows about twenty attempts in three days', () => {
    let [at, attempts] = [0, 1];
    while ((at += secondsUntil(attempts)) * 1_000 < GIVE_UP_AFTER_MS) attempts += 1;
    expect(attempts).toBeGreaterThan(15);
    expect(attempts).toBeLessThan(25);
  });

  it.each([
    ['120', 120],
    ['Mon, 02 Mar 2026 09:10:00 GMT', 600],
    ['999999999', 21_600],
    ['Fri, 31 Dec 9999 23:59:59 GMT', 21_600],
  ])('is at least what Retry-After asks for, up to six hours: %s', (retryAfter, seconds) => {
    expect(secondsUntil(1, retryAfter)).toBe(seconds);
  });

  it.each(['', '-5', '1e9', 'soon', 'Mon, 02 Mar 2020 09:10:00 GMT', '9'.repeat(400)])(
    'ignores another Retry-After: %s',
    (retryAfter) => expect(secondsUntil(1, retryAfter)).toBeLessThanOrEqual(6),
  );
});
