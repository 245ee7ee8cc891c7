import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryRateLimit } from './memory-rate-limit.js';
import type { RatePolicy, RateStanding } from './rate-limit-headers.js';
import type { Charge, RateWindow } from './rate-window.js';

function window(name: RatePolicy['name'], limit: number, windowSeconds: 60 | 3600 = 60, owner = 'one'): RateWindow {
  return { name, key: `${name}:${owner}`, tag: owner, limit, windowSeconds };
}

/** The rules once more, as slowly and plainly as they are written: every hit is kept with its time. */
class NaiveRateLimit {
  private readonly hits = new Map<string, number[]>();

  charge(windows: readonly RateWindow[], nowMs: number): Charge {
    const refusedBy = windows.find((asked) => this.liveHits(asked, nowMs).length >= asked.limit);
    if (refusedBy === undefined) {
      for (const charged of windows) this.hits.set(charged.key, [...this.liveHits(charged, nowMs), nowMs]);
    }
    return { refusedBy, standings: windows.map((asked) => this.standing(asked, nowMs)) };
  }

  private standing(asked: RateWindow, nowMs: number): RateStanding {
    const hits = this.liveHits(asked, nowMs);
    const endsInMs = (hits[0] ?? nowMs) + asked.windowSeconds * 1000 - nowMs;
    return { name: asked.name, remaining: asked.limit - hits.length, resetSeconds: Math.ceil(endsInMs / 1000) };
  }

  /** A window begins with its first hit and ends a fixed time later, with all of its hits. */
  private liveHits({ key, windowSeconds }: RateWindow, nowMs: number): number[] {
    const times = this.hits.get(key) ?? [];
    return times.length > 0 && nowMs < times[0]! + windowSeconds * 1000 ? times : [];
  }
}

const someWindows = fc
  .subarray(
    [
      window('key-min', 3),
      window('key-min', 5, 60, 'two'),
      window('key-hour', 7, 3600),
      window('partner-min', 4),
      window('login-links-min', 2),
    ],
    { minLength: 1 },
  )
  .chain((windows) => fc.shuffledSubarray(windows, { minLength: windows.length }));
const someSteps = fc.array(
  fc.record({
    windows: someWindows,
    pauseMs: fc.oneof(fc.nat(40_000), fc.constantFrom(0, 0, 59_999, 60_000, 3_600_000)),
  }),
  { maxLength: 80 },
);

describe('MemoryRateLimit', () => {
  it('passes exactly the requests that a naive model passes, for any order, windows and pauses', () => {
    fc.assert(
      fc.property(someSteps, fc.nat(10_000_000), (steps, startMs) => {
        let nowMs = startMs;
        const limiter = new MemoryRateLimit(() => nowMs);
        const naive = new NaiveRateLimit();
        for (const { windows, pauseMs } of steps) {
          nowMs += pauseMs;
          expect(limiter.charge(windows)).toEqual(naive.charge(windows, nowMs));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('charges every window or none', () => {
    const limiter = new MemoryRateLimit(() => 0);
    const [wide, narrow] = [window('partner-min', 10), window('login-links-min', 2)];
    const passed = Array.from({ length: 5 }, () => limiter.charge([wide, narrow]).refusedBy);
    expect(passed).toEqual([undefined, undefined, narrow, narrow, narrow]);
    expect(limiter.charge([wide]).standings).toEqual([{ name: 'partner-min', remaining: 7, resetSeconds: 60 }]);
  });

  it('starts no window with a refused request', () => {
    let nowMs = 0;
    const limiter = new MemoryRateLimit(() => nowMs);
    const [full, fresh] = [window('partner-min', 1), window('login-links-min', 5)];
    limiter.charge([full]);
    nowMs = 59_000;
    expect(limiter.charge([full, fresh]).refusedBy).toBe(full);
    nowMs = 61_000;
    const { standings } = limiter.charge([full, fresh]);
    expect(standings.map(({ resetSeconds }) => resetSeconds)).toEqual([60, 60]);
  });

  it('opens a fresh window the moment the old one ends, and not before', () => {
    let nowMs = 1_000;
    const limiter = new MemoryRateLimit(() => nowMs);
    const minute = window('key-min', 1);
    limiter.charge([minute]);
    nowMs += 59_999;
    expect(limiter.charge([minute])).toMatchObject({ refusedBy: minute, standings: [{ resetSeconds: 1 }] });
    nowMs += 1;
    expect(limiter.charge([minute])).toMatchObject({ refusedBy: undefined, standings: [{ resetSeconds: 60 }] });
  });

  it('counts each key separately, and the hour besides the minute', () => {
    let nowMs = 0;
    const limiter = new MemoryRateLimit(() => nowMs);
    const [minute, hour] = [window('key-min', 2), window('key-hour', 3, 3600)];
    const refusals: (string | undefined)[] = [];
    for (; nowMs <= 120_000; nowMs += 60_000) {
      for (let request = 0; request < 3; request++) refusals.push(limiter.charge([minute, hour]).refusedBy?.name);
    }
    const [pass, full] = [undefined, 'key-min'];
    expect(refusals).toEqual([pass, pass, full, pass, 'key-hour', 'key-hour', 'key-hour', 'key-hour', 'key-hour']);
    expect(limiter.charge([window('key-min', 2, 60, 'another')]).refusedBy).toBe(undefined);
  });

  it('deletes ended windows, so that unused keys need no memory', () => {
    let nowMs = 0;
    const limiter = new MemoryRateLimit(() => nowMs);
    for (let owner = 0; owner < 1_000; owner++) limiter.charge([window('key-min', 1, 60, `key ${owner}`)]);
    expect(limiter.size).toBe(1_000);
    nowMs = 120_000;
    limiter.charge([window('key-min', 1)]);
    expect(limiter.size).toBe(1);
  });

  it('serves @nestjs/throttler too: over its limit it is blocked until the window ends', async () => {
    let nowMs = 0;
    const limiter = new MemoryRateLimit(() => nowMs);
    const hit = () => limiter.increment('key', 2_000, 1, 0, 'default');
    expect(await hit()).toEqual({ totalHits: 1, timeToExpire: 2, isBlocked: false, timeToBlockExpire: 0 });
    expect(await hit()).toEqual({ totalHits: 1, timeToExpire: 2, isBlocked: true, timeToBlockExpire: 2 });
    nowMs = 2_000;
    expect(await hit()).toMatchObject({ totalHits: 1, isBlocked: false });
  });
});

it('a new minute has 60 seconds left, for any fraction of a millisecond', () => {
  // 5536.1 + 60000 - 5536.1 is more than 60000.
  const { standings } = new MemoryRateLimit(() => 5536.1).charge([window('key-min', 3)]);
  expect(standings).toEqual([{ name: 'key-min', remaining: 2, resetSeconds: 60 }]);
});
