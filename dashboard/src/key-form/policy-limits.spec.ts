import { describe, expect, it } from 'vitest';
import type { EffectivePolicy } from '../api/wire';
import { expiryChoices, expiryHint, fullAccessProblem, usualExpiry, withinLifetime } from './policy-limits';

const labelsOf = (policy: EffectivePolicy, chosen: 'never' | '90' = '90') =>
  expiryChoices(policy, chosen).map(({ label }) => label);
const longest = (value: number): EffectivePolicy => ({ max_lifetime_days: { value, set_by: 'partner' } });

describe('the expiry of a new key', () => {
  it('is 90 days away without a policy, and any other can be chosen', () => {
    expect(usualExpiry({})).toBe('90');
    expect(labelsOf({})).toEqual(['Never', '30 days', '90 days', '1 year', 'Date']);
  });

  it('is the default of the policy, or its longest lifetime if that is shorter than 90 days', () => {
    expect(usualExpiry({ default_lifetime_days: { value: 45, set_by: 'org' } })).toBe('45');
    expect(usualExpiry(longest(7))).toBe('7');
    expect(usualExpiry(longest(365))).toBe('90');
    expect(labelsOf(longest(7))).toEqual(['7 days', 'Date']);
  });

  it('cannot be left out if the policy requires it, and the field says who does', () => {
    const policy: EffectivePolicy = { expiry_required: { value: true, set_by: 'org' } };
    expect(labelsOf(policy)).not.toContain('Never');
    expect(labelsOf(policy, 'never')).toContain('Never');
    expect(expiryHint(policy)).toBe('Required by a policy of this organization.');
    expect(expiryHint(longest(180))).toBe('At most 180 days, by a policy of the partner.');
  });

  it('is moved by minutes if the browser’s clock would make it too late', () => {
    const now = Date.parse('2026-03-01T10:00:00.000Z');
    const sent = (expires_at: string) => withinLifetime({ name: 'x', expires_at }, longest(90), now).expires_at;
    expect(sent('2026-05-30T10:00:00.000Z')).toBe('2026-05-30T09:55:00.000Z');
    expect(sent('2026-05-01T10:00:00.000Z')).toBe('2026-05-01T10:00:00.000Z');
    expect(sent('2026-06-30T10:00:00.000Z')).toBe('2026-06-30T10:00:00.000Z');
  });
});

it('full access is forbidden by its own rule, and by a list of scopes', () => {
  expect(fullAccessProblem({})).toBeUndefined();
  expect(fullAccessProblem({ full_access_forbidden: { value: false, set_by: 'org' } })).toBeUndefined();
  expect(fullAccessProblem({ full_access_forbidden: { value: true, set_by: 'installation' } })).toBe(
    'Forbidden by a policy of the installation.',
  );
  expect(fullAccessProblem({ scope_ceiling: { value: ['a:read'], set_by: 'org' } })).toBe(
    'Forbidden by a policy of this organization.',
  );
});
