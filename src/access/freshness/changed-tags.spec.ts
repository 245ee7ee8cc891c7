import { expect, test } from 'vitest';
import { changedTags } from './changed-tags.js';

test('returns each tag of the changes between two versions once', () => {
  const changes = [
    { version: 6, tags: ['key:1', 'org:1'] },
    { version: 7, tags: ['key:1'] },
    { version: 7, tags: ['partner:1'] },
  ];
  expect(changedTags(changes, 5, 7)).toEqual(['key:1', 'org:1', 'partner:1']);
});

test('returns no tag when something new exists', () => {
  expect(changedTags([{ version: 6, tags: [] }], 5, 6)).toEqual([]);
});

test('drops everything when a change affects everything', () => {
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
])('drops everything when %s of the versions is missing', (_which, versions) => {
  const changes = versions.map((version) => ({ version, tags: ['key:1'] }));
  expect(changedTags(changes, 5, 7)).toBe(null);
});
