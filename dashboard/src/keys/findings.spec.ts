import { expect, it } from 'vitest';
import type { KeySummary } from '../api/wire';
import { EXAMPLE_SUMMARY } from './example-summary';
import { marksOfRow } from './findings';

const labelsOf = (key: Partial<KeySummary>) => marksOfRow({ ...EXAMPLE_SUMMARY, ...key }).map(({ label }) => label);

it('a saved key without findings has no mark', () => {
  expect(labelsOf({})).toEqual([]);
});

it.each<[KeySummary['state'], string]>([
  ['revoked', 'Revoked'],
  ['expired', 'Expired'],
  ['suspended', 'Suspended'],
])('a key that is %s has only that mark', (state, label) => {
  expect(labelsOf({ state, acknowledged: false, findings: ['mostly_denied'] })).toEqual([label]);
});

it('marks are listed with the most urgent first', () => {
  expect(labelsOf({ acknowledged: false, findings: ['mostly_denied', 'expiring', 'never_used'] })).toEqual([
    'Mostly denied',
    'Expiring',
    'Not saved',
    'Never used',
  ]);
});

it('what a column of its own shows is no mark, and the longer idle time replaces the shorter', () => {
  expect(labelsOf({ findings: ['full_access', 'never_expires', 'idle_90', 'idle_30'] })).toEqual(['Idle 90 days']);
});
