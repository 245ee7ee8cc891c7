import { describe, expect, it } from 'vitest';
import { limitingShared } from './limiting-windows.js';
import type { RateWindow } from './rate-window.js';

const own: RateWindow = { name: 'key-min', key: 'key-min:one', tag: 'one', limit: 10, windowSeconds: 60 };
const shared: RateWindow = {
  name: 'org-min',
  key: 'org-min:one',
  tag: 'one',
  limit: 100,
  windowSeconds: 60,
  isShared: true,
};

describe('limitingShared', () => {
  it.each([
    ['has more left than the caller', 3, 50, undefined, []],
    ['has as much left', 3, 3, undefined, []],
    ['has less left', 3, 2, undefined, [1]],
    ['refuses while the caller has none left either', 0, 0, shared, [1]],
  ])('a shared window that %s', (_what, left, leftOfAll, refusedBy, indexes) => {
    const standings = [
      { name: own.name, remaining: left, resetSeconds: 60 },
      { name: shared.name, remaining: leftOfAll, resetSeconds: 60 },
    ];
    expect(limitingShared([own, shared], { standings, refusedBy })).toEqual(indexes);
  });
});
