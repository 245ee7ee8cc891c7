import { expect, it } from 'vitest';
import type { ApiKey } from '../api/wire';
import { EXAMPLE_KEY } from './example-key';
import { marksOf } from './key-marks';

const NOW = Date.parse('2026-03-02T00:00:00.000Z');
const labelsOf = (key: Partial<ApiKey>) => marksOf({ ...EXAMPLE_KEY, ...key }, NOW).map(({ label }) => label);
const replaced = (retires_at: string | null) => ({
  replaced_credential: { id: 'c', rotated_at: '2026-03-01T00:00:00.000Z', retires_at, last_used: null },
});

it('a stored key that is in use and never expires has no mark', () => {
  expect(labelsOf({})).toEqual([]);
});

it.each<[ApiKey['state'], string]>([
  ['revoked', 'Revoked'],
  ['expired', 'Expired'],
  ['suspended', 'Suspended'],
])('a key that is %s has only that mark', (state, label) => {
  const everything = { acknowledged: false, last_used_at: null, expires_at: '2026-03-01T00:00:00.000Z' };
  expect(labelsOf({ state, ...everything, ...replaced('2026-03-03T00:00:00.000Z') })).toEqual([label]);
});

it('a key is marked as expiring in its last 14 days', () => {
  expect(labelsOf({ expires_at: '2026-03-15T23:59:59.999Z' })).toEqual(['Expiring']);
  expect(labelsOf({ expires_at: '2026-03-16T00:00:00.000Z' })).toEqual([]);
});

it('a key that is not marked as saved is marked so', () => {
  expect(labelsOf({ acknowledged: false })).toEqual(['Not saved']);
});

it('a rotated key is marked while the old key works', () => {
  expect(labelsOf(replaced('2026-03-02T00:00:00.001Z'))).toEqual(['Old key still works']);
  expect(labelsOf(replaced('2026-03-02T00:00:00.000Z'))).toEqual([]);
  expect(labelsOf(replaced(null))).toEqual(['Old key still works']);
});

it('a key without a request is marked as never used', () => {
  expect(labelsOf({ last_used_at: null })).toEqual(['Never used']);
});

it('marks are listed with the most urgent first', () => {
  const key = { expires_at: '2026-03-03T00:00:00.000Z', acknowledged: false, last_used_at: null };
  expect(labelsOf({ ...key, ...replaced('2026-03-09T00:00:00.000Z') })).toEqual([
    'Expiring',
    'Not saved',
    'Old key still works',
    'Never used',
  ]);
});
