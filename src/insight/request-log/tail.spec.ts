import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { firstIdOf, timeOf } from './entry-ids.js';
import { type Entry, READ_MAX, Tail } from './tail.js';

const NOW = Date.parse('2026-11-29T10:00:00Z');
const SECOND = 1_000;

beforeEach(() => vi.useFakeTimers({ now: NOW, toFake: ['Date'] }));
afterEach(() => vi.useRealTimers());

/** A log in memory, and what was asked of it. */
class Log {
  readonly asked: { readonly after: string; readonly seen: number }[] = [];
  #ids: string[] = [];

  readonly read = async (after: string, seenIds: readonly string[]): Promise<Entry[]> => {
    this.asked.push({ after, seen: seenIds.length });
    const later = this.#ids.filter((id) => id > after && !seenIds.includes(id)).sort();
    return later.slice(0, READ_MAX).map((id) => ({ id }) as Entry);
  };

  /** @returns its id */
  add(ms: number, number = 0): string {
    const id = firstIdOf(ms).slice(0, -12) + number.toString(16).padStart(12, '0');
    this.#ids.push(id);
    return id;
  }
}

const idsOf = (entries: readonly Entry[]) => entries.map(({ id }) => id);

it('returns an entry that appears late once, though newer ones were returned', async () => {
  const log = new Log();
  const { tail } = await Tail.start(log.read);
  const newer = log.add(NOW + 2 * SECOND, 1);
  expect(idsOf((await tail.next()).entries)).toEqual([newer]);
  const late = log.add(NOW - 5 * SECOND, 1);
  expect(idsOf((await tail.next()).entries)).toEqual([late]);
  expect(idsOf((await tail.next()).entries)).toEqual([]);
});

it('returns no entry from before it started', async () => {
  const log = new Log();
  log.add(NOW - SECOND, 1);
  const { tail, missed } = await Tail.start(log.read);
  expect(missed).toEqual([]);
  expect((await tail.next()).entries).toEqual([]);
});

it('forgets the entries that are older than those that can appear late', async () => {
  const log = new Log();
  const { tail } = await Tail.start(log.read);
  for (let number = 1; number <= 100; number++) {
    vi.setSystemTime(NOW + number * SECOND);
    log.add(NOW + number * SECOND, number);
    await tail.next();
  }
  const { after, seen } = log.asked.at(-1)!;
  expect(timeOf(after)).toBe(NOW + 89 * SECOND);
  expect(seen).toBeLessThan(12);
});

it('loses nothing while more entries wait than one read returns', async () => {
  const log = new Log();
  const { tail } = await Tail.start(log.read);
  const all = Array.from({ length: 2 * READ_MAX + 1 }, (_, number) => log.add(NOW + SECOND, number + 1));
  // The client takes a minute for each part.
  const parts: string[][] = [];
  for (let isFull = true; isFull;) {
    vi.setSystemTime(Date.now() + 60 * SECOND);
    const part = await tail.next();
    parts.push(idsOf(part.entries));
    ({ isFull } = part);
  }
  expect(parts.map(({ length }) => length)).toEqual([READ_MAX, READ_MAX, 1]);
  expect(parts.flat()).toEqual(all);
});

it('goes on after the last entry of a client, at most ten minutes back', async () => {
  const log = new Log();
  const [old, had, missed] = [700, 300, 200].map((seconds) => log.add(NOW - seconds * SECOND, 1));
  expect(idsOf((await Tail.start(log.read, had)).missed)).toEqual([missed]);
  const before = log.add(NOW - 800 * SECOND, 1);
  expect(idsOf((await Tail.start(log.read, before)).missed)).toEqual([had, missed]);
  expect(old).toBeDefined();
});
