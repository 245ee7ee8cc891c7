import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { RecentReads } from './recent-reads.js';

const KEPT_MS = 100;

let loads: string[] = [];
let reads: RecentReads<string>;
const get = (key: string) =>
  reads.get(key, async () => {
    loads.push(key);
    if (key.startsWith('bad')) throw new Error(key);
    return `${key} ${loads.length}`;
  });
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
  loads = [];
  reads = new RecentReads(KEPT_MS, 2, (value) => !value.startsWith('long'));
});
afterEach(() => void vi.useRealTimers());

it('a burst of one key costs one load, and each key has its own', async () => {
  expect(await Promise.all([get('a'), get('b'), get('a')])).toEqual(['a 1', 'b 2', 'a 1']);
  expect(await get('a')).toBe('a 1');
});

it('a value is loaded again after its time', async () => {
  await get('a');
  vi.advanceTimersByTime(KEPT_MS);
  expect(await get('a')).toBe('a 2');
});

it('values that are not to be kept, and failures, are shared only while they load', async () => {
  expect(await Promise.all([get('long'), get('long')])).toEqual(['long 1', 'long 1']);
  expect(await get('long')).toBe('long 2');
  await expect(Promise.all([get('bad'), get('bad')])).rejects.toThrow('bad');
  await expect(get('bad')).rejects.toThrow('bad');
  expect(loads).toEqual(['long', 'long', 'bad', 'bad']);
});

it('a new value takes the place of the least recently used one, and a failure takes none', async () => {
  await get('a');
  await get('b');
  await Promise.allSettled([get('bad'), get('long')]);
  expect(await Promise.all([get('a'), get('b')])).toEqual(['a 1', 'b 2']);
  await get('c');
  expect(await Promise.all([get('b'), get('a')])).toEqual(['b 2', 'a 6']);
});

it('a value expires counted from the start of its load', async () => {
  let finish: (value: string) => void = () => undefined;
  const slow = reads.get('a', () => new Promise((resolve) => (finish = resolve)));
  vi.advanceTimersByTime(KEPT_MS);
  finish('old');
  expect([await slow, await get('a')]).toEqual(['old', 'a 1']);
});

it('after forgetting, the value of a load that was running is not used', async () => {
  let finish: (value: string) => void = () => undefined;
  const old = reads.get('a', () => new Promise((resolve) => (finish = resolve)));
  reads.forget();
  const fresh = get('a');
  finish('old');
  expect(await Promise.all([old, fresh, get('a')])).toEqual(['old', 'a 1', 'a 1']);
});
