import { expect, it } from 'vitest';
import { EMPTY_DRAFT, type KeyDraft } from './key-draft';
import { validateDraft } from './validate-draft';

const NOW = new Date('2026-03-02T12:00:00').getTime();
const problemsOf = (fields: Partial<KeyDraft>) =>
  validateDraft({ ...EMPTY_DRAFT, name: 'Production', access: 'full', ...fields }, NOW);

it('a complete draft has no problem', () => {
  expect(problemsOf({})).toEqual({});
});

it.each<[keyof KeyDraft, Partial<KeyDraft>]>([
  ['name', { name: '  ' }],
  ['agent_id', { kind: 'key_secret', agent_scopes: ['contacts:read'] }],
  ['scopes', { access: 'scoped' }],
  ['expiry_date', { expiry: 'date' }],
  ['expiry_date', { expiry: 'date', expiry_date: '2026-03-01' }],
  ['allowed_ips', { allowed_ips: ['192.0.2.1', '192.0.2.256'] }],
  ['tags', { tags: ['x'.repeat(51)] }],
  ['metadata', { metadata: [{ name: 'a b', value: '' }] }],
  ['allowed_origins', { kind: 'event', allowed_origins: ['https://a.example'] }],
])('the problem of %s is reported for %j', (field, fields) => {
  expect(Object.keys(problemsOf(fields))).toEqual([field]);
});

it('a key may expire at the end of today', () => {
  expect(problemsOf({ expiry: 'date', expiry_date: '2026-03-02' })).toEqual({});
});

it('origins are validated for event keys only', () => {
  expect(problemsOf({ allowed_origins: ['https://a.example'] })).toEqual({});
});

it.each<[string, boolean]>([
  ['192.0.2.1', true],
  ['192.0.2.0/24', true],
  ['2001:db8::/32', true],
  ['::1', true],
  ['192.0.2.1/24', false],
  ['2001:db8::1/32', false],
  ['0.0.0.0/0', false],
  ['192.0.2.0/33', false],
  ['192.0.2.0/08', false],
  ['192.0.2.0/24/24', false],
  ['192.0.2', false],
  ['192.0.02.1', false],
  ['example.com', false],
])('as an allowed address, %s is valid: %s', (address, isValid) => {
  expect(problemsOf({ allowed_ips: [address] }).allowed_ips === undefined).toBe(isValid);
});
