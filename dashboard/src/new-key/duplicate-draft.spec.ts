import { expect, it } from 'vitest';
import type { ApiKey, ScopeEntry } from '../api/wire';
import { EXAMPLE_KEY } from '../keys/example-key';
import { duplicateDraft } from './duplicate-draft';

const NOW = Date.parse('2026-03-01T10:00:00.000Z');
const CONTACTS: ScopeEntry = {
  audience: 'org',
  resource: 'contacts',
  label: 'Contacts',
  description: '',
  actions: ['read', 'write'],
  service: null,
  service_label: null,
};
const duplicateOf = (key: Partial<ApiKey>) => duplicateDraft({ ...EXAMPLE_KEY, ...key }, { items: [CONTACTS] }, NOW);

it('a duplicate has the settings of the key, and says in its name that it is one', () => {
  const key = { description: 'Nightly', allowed_ips: ['192.0.2.1'] };
  expect(duplicateOf(key)).toMatchObject({
    ...key,
    name: 'Production copy',
    scopes: ['contacts:read'],
    kind: 'bearer',
  });
});

it('a long name stays within what the server takes', () => {
  expect(duplicateOf({ name: 'x'.repeat(100) }).name).toBe(`${'x'.repeat(95)} copy`);
});

it('tags and metadata are copied, but not the external id, which is unique', () => {
  const key = { tags: ['web'], metadata: { owner: 'web' }, external_id: 'site-1' };
  expect(duplicateOf(key)).toMatchObject({
    tags: ['web'],
    metadata: [{ name: 'owner', value: 'web' }],
    external_id: '',
  });
});

it('scopes of switched-off resources are left out', () => {
  expect(duplicateOf({ scopes: ['contacts:read', 'gone:read'] }).scopes).toEqual(['contacts:read']);
});

it('rate limits are copied if they are not the default', () => {
  const ratesOf = (per_minute: number, per_hour: number) => {
    const { per_minute: minute, per_hour: hour } = duplicateOf({ rate_limit: { per_minute, per_hour } });
    return [minute, hour];
  };
  expect(ratesOf(120, 5_000)).toEqual([120, 5_000]);
  expect(ratesOf(1_000, 10_000)).toEqual(['', '']);
  expect(ratesOf(100_000, 1_000_000)).toEqual(['', '']);
});

it('an expiry is kept, unless it has passed', () => {
  expect(duplicateOf({ expires_at: '2026-03-02T10:00:00.000Z' })).toMatchObject({ expiry: 'date' });
  expect(duplicateOf({ expires_at: '2026-02-02T10:00:00.000Z' })).toMatchObject({ expiry: '90', expiry_date: '' });
  expect(duplicateOf({ expires_at: null })).toMatchObject({ expiry: 'never' });
});
