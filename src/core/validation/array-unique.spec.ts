import { validateSync } from 'class-validator';
import { expect, it } from 'vitest';
import { ArrayUnique } from './array-unique.js';

class Sample {
  @ArrayUnique()
  list: unknown = [];

  @ArrayUnique(({ key }: { key: string }) => key, { message: 'each key once' })
  keyed: unknown[] = [];
}

function problemsOf(fields: Partial<Sample>): string[] {
  const sample = Object.assign(new Sample(), fields);
  return validateSync(sample).flatMap(({ constraints }) => Object.values(constraints ?? {}));
}

it('a list without repeats is unique, however long', () => {
  expect(problemsOf({ list: Array.from({ length: 100_000 }, (_, index) => index) })).toEqual([]);
});

it.each([[['a', 'b', 'a']], [[1, 1]], ['no list'], [null]])('%j is refused', (list) => {
  expect(problemsOf({ list })).toEqual(["All list's elements must be unique"]);
});

it('entries can be compared by a part of them', () => {
  expect(problemsOf({ keyed: [{ key: 'a' }, { key: 'b' }] })).toEqual([]);
  expect(problemsOf({ keyed: [{ key: 'a' }, { key: 'a' }] })).toEqual(['each key once']);
});

it('an entry that is not an object does not end the validation', () => {
  expect(problemsOf({ keyed: [null, { key: 'a' }] })).toEqual([]);
});
