import { expect, test } from 'vitest';
import { TaggedEntries } from './tagged-entries.js';

function held(entries: TaggedEntries<string>, ...digests: string[]): string[] {
  return digests.filter((digest) => entries.get(digest) !== undefined);
}

test('dropping a tag drops every entry with it, whatever its other tags', () => {
  const entries = new TaggedEntries<string>(10);
  entries.set('a', 'a', ['key:a', 'org:1']);
  entries.set('b', 'b', ['key:b', 'org:1']);
  entries.set('c', 'c', ['key:c', 'org:2']);
  entries.dropTagged('org:1');
  expect(held(entries, 'a', 'b', 'c')).toEqual(['c']);
});

test('an entry that is set again has only its new tags', () => {
  const entries = new TaggedEntries<string>(10);
  entries.set('a', 'old', ['org:1']);
  entries.set('a', 'new', ['org:2']);
  entries.dropTagged('org:1');
  expect(entries.get('a')).toBe('new');
  entries.dropTagged('org:2');
  expect(entries.get('a')).toBe(undefined);
});

test('the map never exceeds its bound, and keeps entries in use', () => {
  const entries = new TaggedEntries<string>(3);
  for (const digest of ['a', 'b', 'c']) entries.set(digest, digest, [`key:${digest}`]);
  entries.get('a');
  entries.set('d', 'd', ['key:d']);
  expect(entries.size).toBe(3);
  expect(held(entries, 'a', 'b', 'c', 'd')).toEqual(['a', 'c', 'd']);
});

test('the map keeps its bound when every entry is in use', () => {
  const entries = new TaggedEntries<number>(100);
  for (let index = 0; index < 1_000; index += 1) {
    entries.set(String(index), index, ['org:1']);
    entries.get(String(index));
  }
  expect(entries.size).toBe(100);
});

test('setting an existing entry evicts nothing', () => {
  const entries = new TaggedEntries<string>(2);
  entries.set('a', 'a', ['key:a']);
  entries.set('b', 'b', ['key:b']);
  entries.set('b', 'b', ['key:b']);
  expect(held(entries, 'a', 'b')).toEqual(['a', 'b']);
});

test('no tag outlives its last entry', () => {
  const entries = new TaggedEntries<string>(2);
  for (const digest of ['a', 'b', 'c', 'd']) entries.set(digest, digest, [`key:${digest}`]);
  entries.dropTagged('key:d');
  expect((entries as unknown as { digestsByTag: Map<string, unknown> }).digestsByTag.size).toBe(1);
});
