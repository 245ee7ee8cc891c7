import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Trust, TRUST_MS } from './trust.js';

const ANSWER = { head: 1, isRegistered: true, changes: [] };

let monotonicMs: number;
let wallMs: number;
let trust: Trust;
beforeEach(() => {
  [monotonicMs, wallMs] = [5_000, 1_000_000];
  vi.spyOn(performance, 'now').mockImplementation(() => monotonicMs);
  vi.spyOn(Date, 'now').mockImplementation(() => wallMs);
  trust = new Trust();
  trust.startOver('lease');
});
afterEach(() => void vi.restoreAllMocks());

/** Both clocks go on. */
function pass(ms: number): void {
  monotonicMs += ms;
  wallMs += ms;
}

const renew = () => trust.renew(ANSWER, monotonicMs, wallMs);

test('a sync is valid for 1.8 seconds', () => {
  expect([TRUST_MS, trust.isGood()]).toEqual([1_800, false]);
  renew();
  pass(1_799);
  expect(trust.isGood()).toBe(true);
  pass(1);
  expect(trust.isGood()).toBe(false);
});

describe('validity counts from before the sync was sent, however late its answer comes', () => {
  test('by the monotonic clock, whatever the time of the wall clock', () => {
    const [sentAtMs, sentAtWallMs] = [monotonicMs, wallMs];
    monotonicMs += 1_700;
    trust.renew(ANSWER, sentAtMs, sentAtWallMs);
    expect([trust.isGood(), trust.ageMs]).toEqual([true, 1_700]);
    monotonicMs += 100;
    expect(trust.isGood()).toBe(false);
  });

  test('by the wall clock, because the machine may have been suspended before the answer', () => {
    const [sentAtMs, sentAtWallMs] = [monotonicMs, wallMs];
    wallMs += 1_700;
    trust.renew(ANSWER, sentAtMs, sentAtWallMs);
    expect(trust.isGood()).toBe(true);
    wallMs += 100;
    expect(trust.isGood()).toBe(false);
  });
});

test('a machine that was suspended trusts nothing, though its monotonic clock stopped', () => {
  renew();
  wallMs += TRUST_MS;
  expect(trust.isGood()).toBe(false);
});

test('a wall clock that is set back extends nothing', () => {
  renew();
  wallMs -= 3_600_000;
  monotonicMs += TRUST_MS;
  expect(trust.isGood()).toBe(false);
});

test.each([
  ['is ended', () => trust.end()],
  ['starts over', () => trust.startOver('another')],
])('a lease that %s is not trusted, and has no applied version', (_what, change) => {
  renew();
  change();
  expect([trust.isGood(), trust.applied]).toEqual([false, undefined]);
});

test('the answer to a removed lease, or of a database that lost versions, renews nothing', () => {
  renew();
  const sentAt = [monotonicMs, wallMs] as const;
  pass(1_000);
  expect(() => trust.renew({ ...ANSWER, isRegistered: false }, monotonicMs, wallMs)).toThrow('removed');
  expect(() => trust.renew({ ...ANSWER, head: 0 }, monotonicMs, wallMs)).toThrow('earlier state');
  expect(trust.ageMs).toBe(monotonicMs - sentAt[0]);
});
