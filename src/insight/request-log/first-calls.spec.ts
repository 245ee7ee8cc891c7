import { expect, test } from 'vitest';
import { FirstCalls } from './first-calls.js';

const NOW = Date.UTC(2026, 10, 29, 12, 0, 59, 999);

test('the first call of a key to a route is found once in each minute of the clock', () => {
  const calls = new FirstCalls();
  const ask = (nowMs: number) => calls.isFirst('key', null, '/tags', nowMs);
  expect([ask(NOW), ask(NOW), ask(NOW + 1), ask(NOW + 60_000), ask(NOW + 60_001)]).toEqual([
    true,
    false,
    true,
    false,
    true,
  ]);
});

test('another key, route or service is a first call of its own', () => {
  const calls = new FirstCalls();
  const pairs = [
    ['key', null, '/tags'],
    ['other', null, '/tags'],
    ['key', null, '/contacts'],
    ['key', 'billing', '/tags'],
    ['key', 'billing', null],
  ] as const;
  const ask = () => pairs.map(([key, service, route]) => calls.isFirst(key, service, route, NOW));
  expect(ask()).toEqual([true, true, true, true, true]);
  expect(ask()).toEqual([false, false, false, false, false]);
});

test('a clock that steps back begins a minute', () => {
  const calls = new FirstCalls();
  calls.isFirst('key', null, '/tags', NOW);
  expect(calls.isFirst('key', null, '/tags', NOW - 3_600_000)).toBe(true);
});

test('a flood of keys uses a bounded amount of memory', () => {
  const calls = new FirstCalls();
  let firsts = 0;
  for (let key = 0; key < 150_000; key++) if (calls.isFirst(String(key), null, '/tags', NOW)) firsts++;
  expect(firsts).toBe(100_000);
});
