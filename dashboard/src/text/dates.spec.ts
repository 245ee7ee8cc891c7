import { expect, it } from 'vitest';
import { dayOf, dayWords } from './dates';

const NOON = new Date(2026, 10, 29, 12).getTime();

it.each([
  [new Date(2026, 10, 29, 0, 0), 'Today'],
  [new Date(2026, 10, 28, 23, 59), 'Yesterday'],
  [new Date(2026, 10, 27, 12), 'Friday 27 November 2026'],
  [new Date(2025, 10, 29, 12), 'Saturday 29 November 2025'],
])('the day of %s reads "%s"', (instant, words) => {
  expect(dayWords(instant.toISOString(), NOON).replace(',', '')).toBe(words);
});

it('a day is that of the viewer’s zone', () => {
  expect(dayOf(new Date(2026, 0, 5, 0, 0))).toBe('2026-01-05');
});
