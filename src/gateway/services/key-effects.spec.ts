import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KeyGroup } from '../../tenancy/api-keys/scope-holders.js';
import type { ServiceDeclaration } from '../declaration/service-declaration.js';
import { KeyEffects } from './key-effects.js';

const declaration = (full_access: ServiceDeclaration['full_access'] = 'existing'): ServiceDeclaration => {
  return { service: 'billing', label: 'Billing', description: '', full_access, resources: [], routes: [] };
};
const group = (keys: number, settings: Partial<KeyGroup> = {}): KeyGroup => {
  return { keys, scopes: [], hasFullAccess: false, coversService: false, ...settings };
};
const GROUPS = [
  group(1, { scopes: ['invoices:read'] }),
  group(2, { scopes: ['invoices:write'] }),
  group(4, { scopes: ['invoices:read', 'invoices:write'] }),
  group(8, { hasFullAccess: true, coversService: true }),
  group(16, { hasFullAccess: true }),
  // Typed keys, and keys with other scopes.
  group(32),
];

describe('the effect of another need on keys', () => {
  it.each([
    ['invoices:read', 'invoices:write', { gain: 2, lose: 1 }],
    ['invoices:read', 'invoices:read', { gain: 0, lose: 0 }],
    ['invoices:read', 'any-key', { gain: 2 + 16 + 32, lose: 0 }],
    ['any-key', 'invoices:write', { gain: 0, lose: 1 + 16 + 32 }],
    ['any-key', 'public', { gain: 0, lose: 0 }],
  ])('%s → %s', (before, after, effect) => {
    expect(new KeyEffects(GROUPS, declaration(), declaration()).ofNeeds(before, after)).toEqual(effect);
  });

  it('counts older full access by the rule before and the rule after', () => {
    const widened = new KeyEffects(GROUPS, declaration(), declaration('all'));
    expect(widened.ofNeeds('invoices:read', 'invoices:write')).toEqual({ gain: 2 + 16, lose: 1 });
  });

  it('is the reverse of the reverse change', () => {
    const needs = fc.constantFrom('invoices:read', 'invoices:write', 'any-key', 'public');
    fc.assert(
      fc.property(needs, needs, (before, after) => {
        const effects = new KeyEffects(GROUPS, declaration(), declaration());
        const { gain, lose } = effects.ofNeeds(before, after);
        expect(effects.ofNeeds(after, before)).toEqual({ gain: lose, lose: gain });
      }),
    );
  });
});

describe('the effect of full_access', () => {
  it.each([
    [undefined, 'existing', { gain: 0, lose: 0 }],
    [undefined, 'all', { gain: 16, lose: 0 }],
    ['existing', 'all', { gain: 16, lose: 0 }],
    ['all', 'existing', { gain: 0, lose: 16 }],
    ['all', 'all', { gain: 0, lose: 0 }],
  ] as const)('%s → %s concerns keys with older full access', (before, after, effect) => {
    const known = before && declaration(before);
    expect(new KeyEffects(GROUPS, known, declaration(after)).ofFullAccess()).toEqual(effect);
  });
});
