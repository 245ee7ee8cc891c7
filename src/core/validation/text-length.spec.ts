import { validateSync } from 'class-validator';
import { expect, it } from 'vitest';
import { MaxLength, MinLength } from './text-length.js';

class Sample {
  @MaxLength(3)
  @MinLength(2)
  text: unknown;

  @MaxLength(1, { each: true })
  list: string[] = [];
}

function problemsOf(text: unknown, list: string[] = []): string[] {
  const sample = Object.assign(new Sample(), { text, list });
  return validateSync(sample).flatMap(({ constraints }) => Object.values(constraints ?? {}));
}

it.each(['ab', 'abc', '😀😀😀', 'é😀'])('%j has two or three characters', (text) => {
  expect(problemsOf(text)).toEqual([]);
});

it.each(['abcd', '😀😀😀😀', `a${'\ufe0f'.repeat(3)}`, 'a'.repeat(1_000_000), '\ufe0f'.repeat(1_000_000)])(
  '%.8j… has too many characters',
  (text) => expect(problemsOf(text)).toEqual(['text must be shorter than or equal to 3 characters']),
);

it.each(['', 'a', '😀'])('%j has too few characters', (text) => {
  expect(problemsOf(text)).toEqual(['text must be longer than or equal to 2 characters']);
});

it('a value that is not a string has no length', () => expect(problemsOf(12)).toHaveLength(2));

it('each entry of a list is counted by itself', () => {
  expect(problemsOf('abc', ['a', 'bc'])).toEqual(['each value in list must be shorter than or equal to 1 characters']);
});
