import { expect, it } from 'vitest';
import { percent } from './numbers';

it.each([
  [0, '0%'],
  [0.000_02, '<0.1%'],
  [0.0213, '2.1%'],
  [0.5, '50%'],
  [0.9996, '>99.9%'],
  [1, '100%'],
])('the share %d reads %s', (share, words) => {
  expect(percent(share)).toBe(words);
});
