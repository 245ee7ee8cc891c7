import { expect, it } from 'vitest';
import { pageChangeOf, type Visit } from './page-change.js';

const read: Visit = { kind: 'read', title: 'A', text: 'a', hash: 'new' };
const excluded: Visit = { kind: 'excluded', why: 'x' };
const failed: Visit = { kind: 'failed', why: 'x', isGone: false };
const gone: Visit = { kind: 'failed', why: 'x', isGone: true };

it.each([
  ['a page that is read for the first time', read, null, 'synced', 'new', { completed_pages: 1, new_pages: 1 }],
  ['a page whose text has changed', read, 'old', 'synced', 'new', { completed_pages: 1, updated_pages: 1 }],
  ['a page whose text is the same', read, 'new', 'synced', 'kept', { completed_pages: 1, unchanged_pages: 1 }],
  ['a page that is excluded', excluded, null, 'excluded', 'none', { total_pages: -1 }],
  ['a page that is excluded from now on', excluded, 'old', 'excluded', 'none', { total_pages: -1, removed_pages: 1 }],
  ['a page that cannot be read', failed, null, 'error', 'kept', { completed_pages: 1 }],
  ['a page that cannot be read now', failed, 'old', 'error', 'kept', { completed_pages: 1 }],
  ['a page that does not exist', gone, null, 'error', 'none', { completed_pages: 1 }],
  ['a page that no longer exists', gone, 'old', 'error', 'none', { completed_pages: 1, removed_pages: 1 }],
] as const)('%s', (_what, visit, before, status, text, tally) => {
  const change = pageChangeOf(visit, before);
  expect(change).toMatchObject({ status, text });
  expect(Object.fromEntries(Object.entries(change.tally).filter(([, count]) => count !== 0))).toEqual(tally);
});
