import { expect, test } from 'vitest';
import { SilentLeases } from './silent-leases.js';

const lease = (id: string, beat: number) => ({ id, beat: String(beat) });

test('a lease is silent once its beat is the same for two seconds, not before', () => {
  const silent = new SilentLeases();
  expect(silent.among([lease('a', 1)], 0)).toEqual([]);
  expect(silent.among([lease('a', 1)], 1_999)).toEqual([]);
  expect(silent.among([lease('a', 1)], 2_000)).toEqual([lease('a', 1)]);
});

test('a beat restarts the two seconds of its own lease only', () => {
  const silent = new SilentLeases();
  silent.among([lease('a', 1), lease('b', 1)], 0);
  silent.among([lease('a', 2), lease('b', 1)], 1_000);
  expect(silent.among([lease('a', 2), lease('b', 1)], 2_500)).toEqual([lease('b', 1)]);
});

test('a lease that was missing in between counts as new', () => {
  const silent = new SilentLeases();
  silent.among([lease('a', 1)], 0);
  silent.among([], 1_000);
  expect(silent.among([lease('a', 1)], 3_000)).toEqual([]);
});
