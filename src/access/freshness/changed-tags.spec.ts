import { expect, test } from 'vitest';
import { changedTags } from './changed-tags.js';

test('every tag of every change between the two versions, once', () => {
  const changes = [
    { version: 6, tags: ['key:1', 'org:1'] },
    { version: 7, tags: ['key:1'] },
    { version: 7, tags: ['partner:1'] },
  ];
  expect(changedTags(changes, 5, 7)).toEqual(['key:1', 'org:1', 'partner:1']);
});

test('no tag when something new exists', () => {
  expect(changedTags([{ version: 6, tags: [] }], 5, 6)).toEqual([]);
});

test('everything when one of the changes says so', () => {
  expect(
    changedTags(
      [
        { version: 6, tags: ['key:1'] },
        { version: 7, tags: null },
      ],
      5,
      7,
    ),
  ).toBe(null);
});

test.each([
  ['the first', [7]],
  ['the last', [6]],
  ['all', []],
])('everything when %s of the versions is missing', (_which, versions) => {
  const changes = versions.map((version) => ({ version, tags: ['key:1'] }));
  expect(changedTags(changes, 5, 7)).toBe(null);
});
