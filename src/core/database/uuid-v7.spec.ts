import { afterEach, describe, expect, it, vi } from 'vitest';
import { uuidV7 } from './uuid-v7.js';

function millisecondsOf(id: string): number {
  return parseInt(id.replaceAll('-', '').slice(0, 12), 16);
}

/** The places where an id isn't greater than the one before it. */
function stepsBack(ids: readonly string[]): string[] {
  return ids.filter((id, index) => index > 0 && id <= ids[index - 1]!);
}

describe('uuidV7', () => {
  afterEach(() => void vi.useRealTimers());

  it('is a UUID of version 7 and the RFC’s variant, in lower case', () => {
    const ids = Array.from({ length: 10_000 }, uuidV7);
    expect(
      ids.filter((id) => !/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id)),
    ).toEqual([]);
  });

  it('carries the time it was made at', () => {
    vi.useFakeTimers({ now: Date.now() + 60_000 });
    expect(millisecondsOf(uuidV7())).toBe(Date.now());
  });

  it('rises strictly, also within a millisecond', () => {
    expect(stepsBack(Array.from({ length: 200_000 }, uuidV7))).toEqual([]);
  });

  it('rises strictly while the clock stands still, far beyond what the counter holds', () => {
    vi.useFakeTimers({ now: Date.now() + 120_000 });
    const ids = Array.from({ length: 50_000 }, uuidV7);
    expect(stepsBack(ids)).toEqual([]);
    expect(millisecondsOf(ids.at(-1)!) - Date.now()).toBeLessThanOrEqual(50_000 / 2_048);
  });

  it('makes at least 2,048 ids in each millisecond before it runs ahead of the clock', () => {
    vi.useFakeTimers({ now: Date.now() + 240_000 });
    const ahead = Array.from({ length: 50 }, () => {
      vi.setSystemTime(Date.now() + 10);
      return Array.from({ length: 2_048 }, uuidV7).filter((id) => millisecondsOf(id) !== Date.now());
    });
    expect(ahead.flat()).toEqual([]);
  });

  it('rises strictly when the clock steps back an hour', () => {
    vi.useFakeTimers({ now: Date.now() + 300_000 });
    const before = Array.from({ length: 10 }, uuidV7);
    vi.setSystemTime(Date.now() - 3_600_000);
    const after = Array.from({ length: 10_000 }, uuidV7);
    expect(stepsBack([...before, ...after])).toEqual([]);
  });

  it('starts each millisecond at random, and ends every id with 42 random bits', () => {
    vi.useFakeTimers({ now: Date.now() + 4_000_000 });
    const ids = Array.from({ length: 4_000 }, () => {
      vi.setSystemTime(Date.now() + 1);
      return BigInt(`0x${uuidV7().replaceAll('-', '')}`);
    });
    // All but the time, the version, the top bit of the counter, and the variant.
    const bits = [...Array(62).keys(), ...Array.from({ length: 11 }, (_, bit) => 64 + bit)];
    const ones = bits.map((bit) => ids.filter((id) => (id >> BigInt(bit)) & 1n).length);
    // 250 is about eight standard deviations.
    expect(ones.filter((count) => Math.abs(count - 2_000) > 250)).toEqual([]);
  });
});
