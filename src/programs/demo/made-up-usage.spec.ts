import { expect, it } from 'vitest';
import { madeUpUsage } from './made-up-usage.js';

const NOW = new Date('2026-11-25T10:20:00Z');
const HABIT = { requestsPerDay: 2_000, rhythm: 'office', refusedShare: 0.05 } as const;

it('the usage of the last 30 days is deterministic and ends with the current hour', () => {
  const hours = madeUpUsage(HABIT, 1, NOW);
  expect(hours).toEqual(madeUpUsage(HABIT, 1, NOW));
  expect(hours.at(-1)!.hour.toISOString()).toBe('2026-11-25T10:00:00.000Z');
  expect(hours[0]!.hour.getTime()).toBeGreaterThan(NOW.getTime() - 30 * 86_400_000);
  expect(hours.filter(({ requests, refused }) => refused > requests)).toEqual([]);
});

it('a key that is out of use has no requests after its last day', () => {
  const hours = madeUpUsage({ ...HABIT, endedDaysAgo: 4 }, 1, NOW);
  expect(hours.at(-1)!.hour.toISOString()).toBe('2026-11-21T10:00:00.000Z');
});
