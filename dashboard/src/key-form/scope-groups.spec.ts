import { describe, expect, it } from 'vitest';
import type { ScopeCatalogue, ScopeEntry } from '../api/wire';
import { groupsOf, matches } from './scope-groups';

const entry = (resource: string, fields: Partial<ScopeEntry> = {}): ScopeEntry => ({
  audience: 'org',
  resource,
  label: resource,
  description: '',
  actions: ['read', 'write'],
  service: null,
  service_label: null,
  ...fields,
});
const INVOICES = entry('invoices', { service: 'billing', service_label: 'Billing' });
const CATALOGUE: ScopeCatalogue = {
  items: [entry('tags'), entry('contacts', { audience: 'agent' }), INVOICES],
  services: [{ service: 'billing', label: 'Billing', description: 'Invoices and payments.' }],
};
const listed = (audience: ScopeEntry['audience'], catalogue = CATALOGUE) =>
  groupsOf(catalogue, audience).map(({ label, entries }) => [label, entries.map(({ resource }) => resource)]);

describe('the groups of scopes', () => {
  it('are the built-in ones of the audience, then the services, which any key can call', () => {
    expect(listed('org')).toEqual([
      ['Built-in resources', ['tags']],
      ['Billing', ['invoices']],
    ]);
    expect(listed('agent')).toEqual([
      ['Built-in resources', ['contacts']],
      ['Billing', ['invoices']],
    ]);
  });

  it('leave out a service without resources, and built-in ones if all are off', () => {
    expect(listed('org', { ...CATALOGUE, items: [INVOICES] })).toEqual([['Billing', ['invoices']]]);
    expect(listed('org', { ...CATALOGUE, items: [] })).toEqual([]);
  });

  it.each([
    [
      ['read', 'write'],
      ['read', 'write'],
    ],
    [
      ['a', 'b', 'c', 'd'],
      ['a', 'b', 'c', 'd'],
    ],
    [['a', 'b', 'c', 'd', 'e'], undefined],
    [['read', 'reconcile'], undefined],
  ])('with the actions %j have the columns %j', (actions, columns) => {
    expect(groupsOf({ ...CATALOGUE, items: [{ ...INVOICES, actions }] }, 'org')[0]!.columns).toEqual(columns);
  });
});

it('a search finds resources by name, description and service', () => {
  expect(['INVO', 'billing', ' bill'].map((search) => matches(INVOICES, search))).toEqual([true, true, true]);
  expect(matches(entry('tags'), 'billing')).toBe(false);
  expect(matches(entry('tags', { description: 'Sorts sessions.' }), 'sessions')).toBe(true);
});
