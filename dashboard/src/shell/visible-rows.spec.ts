import { expect, it } from 'vitest';
import { visibleRows } from './visible-rows';

const WINDOW = { windowHeight: 480, rowHeight: 48, count: 10_000 };

it('a list that is not scrolled has its first rows', () => {
  expect(visibleRows({ ...WINDOW, top: 200 })).toEqual({ first: 0, end: 16 });
});

it('every row in the window is in the range, with a margin on both sides', () => {
  for (let scrolled = 0; scrolled < 5_000; scrolled += 7) {
    const { first, end } = visibleRows({ ...WINDOW, top: -scrolled });
    expect(first).toBeLessThanOrEqual(Math.max(0, Math.floor(scrolled / 48) - 8));
    expect(end).toBeGreaterThanOrEqual(Math.ceil((scrolled + 480) / 48) + 8);
    expect(end - first).toBeLessThanOrEqual(44);
  }
});

it('the range ends with the list', () => {
  expect(visibleRows({ ...WINDOW, top: -480_000 })).toEqual({ first: 9_992, end: 10_000 });
});

it('a list that became shorter than the scroll position still has rows', () => {
  expect(visibleRows({ ...WINDOW, count: 3, top: -48_000 })).toEqual({ first: 2, end: 3 });
  expect(visibleRows({ ...WINDOW, count: 0, top: 100 })).toEqual({ first: 0, end: 0 });
});
