import { expect, it } from 'vitest';
import type { ScopeEntry } from '../api/wire';
import { date } from '../text/dates';
import { EMPTY_DRAFT, type KeyDraft } from './key-draft';
import { keySentence } from './key-sentence';

const entry = (resource: string, label: string, fields: Partial<ScopeEntry> = {}): ScopeEntry => ({
  audience: 'org',
  resource,
  label,
  description: '',
  actions: ['read', 'write'],
  service: null,
  service_label: null,
  ...fields,
});
const BILLING = { service: 'billing', service_label: 'Billing' };
const SHIPPING = { service: 'shipping', service_label: 'Shipping' };
const BUILT_IN = [
  entry('contacts', 'Contacts'),
  entry('tags', 'Tags'),
  entry('media', 'Media access'),
  ...['A', 'B', 'C', 'D', 'E'].map((name) => entry(name.toLowerCase(), `Things ${name}`)),
  entry('contacts', 'Agent contacts', { audience: 'agent' }),
];
const WITH_SERVICES = [
  ...BUILT_IN,
  entry('invoices', 'Invoices', BILLING),
  entry('payments', 'Payments', BILLING),
  entry('parcels', 'Parcels', SHIPPING),
];
const sentenceOf = (draft: Partial<KeyDraft>, agentName?: string, entries = BUILT_IN) =>
  keySentence({ ...EMPTY_DRAFT, expiry: 'never', ...draft }, { entries, agentName });

it('a key without scopes may do nothing', () => {
  expect(sentenceOf({})).toBe('This key may do nothing yet: choose at least one scope.');
  expect(sentenceOf({ kind: 'key_secret', scopes: ['tags:read'] })).toBe(
    'This key may do nothing yet: choose at least one scope.',
  );
});

it('a key with full access may do everything', () => {
  expect(sentenceOf({ access: 'full' })).toBe(
    'This key may do everything that the API offers, in the whole organization, until it is revoked.',
  );
});

it("scopes are listed by resource, in the catalogue's order", () => {
  expect(sentenceOf({ scopes: ['media:write', 'contacts:write', 'contacts:read'] })).toBe(
    'This key may read and write contacts and write media, until it is revoked.',
  );
});

it('scopes of resources that are switched off do nothing', () => {
  expect(sentenceOf({ scopes: ['calls:read'] })).toBe(
    'This key may do nothing: the resources of its scopes are switched off.',
  );
  expect(sentenceOf({ scopes: ['calls:read', 'tags:read'] })).toBe('This key may read tags, until it is revoked.');
});

it('more than six resources are summed up', () => {
  const scopes = BUILT_IN.slice(0, 8).map(({ resource }) => `${resource}:read`);
  expect(sentenceOf({ scopes })).toContain('read things c, and 2 more, until');
});

it('a key with a secret may act for its agent only, and is never full', () => {
  const draft: Partial<KeyDraft> = { kind: 'key_secret', access: 'full', agent_scopes: ['contacts:read'] };
  expect(sentenceOf(draft, 'Receptionist')).toBe(
    'This key may read agent contacts for the agent Receptionist, until it is revoked.',
  );
  expect(sentenceOf(draft)).toContain('for the agent …');
});

it('the scopes of a service are named with it', () => {
  const read = (...scopes: string[]) => sentenceOf({ scopes }, undefined, WITH_SERVICES);
  expect(read('invoices:read')).toBe('This key may read invoices in Billing, until it is revoked.');
  expect(read('parcels:write', 'contacts:read', 'invoices:read', 'payments:read')).toBe(
    'This key may read contacts, read invoices and read payments in Billing, and write parcels in Shipping, until it is revoked.',
  );
});

it('a key with a secret may also call services, which is not limited to its agent', () => {
  const agent_scopes = ['contacts:read', 'invoices:read'];
  const draft: Partial<KeyDraft> = { kind: 'key_secret', agent_scopes };
  expect(sentenceOf(draft, 'Receptionist', WITH_SERVICES)).toBe(
    'This key may read agent contacts for the agent Receptionist and read invoices in Billing, until it is revoked.',
  );
});

it('full access does not cover every service', () => {
  expect(sentenceOf({ access: 'full' }, undefined, WITH_SERVICES)).toContain(
    'in the whole organization, and call each service that its full access covers, until',
  );
});

it('an event key posts events of its type, from pages of its origins', () => {
  expect(sentenceOf({ kind: 'event', type: 'telephony' })).toBe(
    'This key may post Telephony events, and nothing else, until it is revoked.',
  );
  expect(sentenceOf({ kind: 'event', allowed_origins: ['a.example', 'b.example'] })).toContain(
    ', on pages of a.example or b.example only, ',
  );
});

it('origins are omitted for a key that posts no events', () => {
  expect(sentenceOf({ access: 'full', allowed_origins: ['a.example'] })).not.toContain('a.example');
});

it('up to three addresses are named, and more are counted', () => {
  const ips = ['192.0.2.1', '192.0.2.2', '192.0.2.3'];
  expect(sentenceOf({ access: 'full', allowed_ips: ips })).toContain('from 192.0.2.1, 192.0.2.2, or 192.0.2.3 only');
  expect(sentenceOf({ access: 'full', allowed_ips: [...ips, '192.0.2.4'] })).toContain('from 4 addresses only');
});

it('rate limits are named with their period', () => {
  expect(sentenceOf({ access: 'full', per_minute: 1 })).toContain('at most 1 request a minute, ');
  expect(sentenceOf({ access: 'full', per_minute: 60, per_hour: 1_000 })).toContain(
    'at most 60 requests a minute and 1,000 requests an hour',
  );
});

it('the end of the key is named once its date is chosen', () => {
  expect(sentenceOf({ access: 'full', expiry: 'date', expiry_date: '2026-03-31' })).toContain(
    `, until ${date('2026-03-31T12:00:00')}.`,
  );
  expect(sentenceOf({ access: 'full', expiry: 'date' })).not.toContain('until');
});
