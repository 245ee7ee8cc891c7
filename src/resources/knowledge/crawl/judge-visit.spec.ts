import { expect, it } from 'vitest';
import { judgeVisit, type Visit } from './judge-visit.js';

const read: Visit = { kind: 'read', title: 'A', text: 'a', hash: 'new' };
const excluded: Visit = { kind: 'excluded', why: 'x' };
const failed: Visit = { kind: 'failed', why: 'x', isGone: false };
const gone: Visit = { kind: 'failed', why: 'x', isGone: true };

it.each([
  ['a page that is read for the first time', read, null, 'synced', 'new', { completed_pages: 1, new_pages: 1 }],
  ['another text', read, 'old', 'synced', 'new', { completed_pages: 1, updated_pages: 1 }],
  ['the same text', read, 'new', 'synced', 'kept', { completed_pages: 1, unchanged_pages: 1 }],
  ['a page that is not for us', excluded, null, 'excluded', 'none', { total_pages: -1 }],
  ['a page that is no longer for us', excluded, 'old', 'excluded', 'none', { total_pages: -1, removed_pages: 1 }],
  ['a page that cannot be read', failed, null, 'error', 'kept', { completed_pages: 1 }],
  ['a page that cannot be read now', failed, 'old', 'error', 'kept', { completed_pages: 1 }],
  ['a page that is not there', gone, null, 'error', 'none', { completed_pages: 1 }],
  ['a page that is no longer there', gone, 'old', 'error', 'none', { completed_pages: 1, removed_pages: 1 }],
] as const)('%s', (_what, visit, before, status, text, tally) => {
  const judged = judgeVisit(visit, before);
  expect(judged).toMatchObject({ status, text });
  expect(Object.fromEntries(Object.entries(judged.tally).filter(([, count]) => count !== 0))).toEqual(tally);
});
