import { expect, it } from 'vitest';
import { barsOf } from './sparkline-bars';

const none = { requests: 0, refused: 0 };

it('a day without requests has only a mark on the ground line', () => {
  expect(barsOf([none], 3, 20)).toEqual({ allowed: '', denied: '', none: 'M0 19h2v1h-2z' });
});

it('denied requests are on top of the allowed ones, and both together as high as the requests', () => {
  expect(barsOf([{ requests: 10, refused: 5 }, none], 6, 20)).toEqual({
    allowed: 'M0 10h2v10h-2z',
    denied: 'M0 0h2v10h-2z',
    none: 'M3 19h2v1h-2z',
  });
});

it('a single denied request among thousands is visible', () => {
  expect(barsOf([{ requests: 10_000, refused: 1 }], 3, 20).denied).toBe('M0 0h2v1.5h-2z');
});

it('a day on which every request was denied has no allowed bar', () => {
  expect(barsOf([{ requests: 3, refused: 3 }], 3, 20)).toEqual({ allowed: '', denied: 'M0 0h2v20h-2z', none: '' });
});
