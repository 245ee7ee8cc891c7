import { describe, expect, it } from 'vitest';
import { effectivePolicy, type LeveledRules } from './effective-policy.js';
import { NO_RULES, type PolicyLevel, type PolicyRules } from './policy-rules.js';

const at = (level: PolicyLevel, rules: Partial<PolicyRules>): LeveledRules => ({ ...NO_RULES, ...rules, level });

describe('the effective policy', () => {
  it('is empty without policies, and with policies without rules', () => {
    expect(effectivePolicy([])).toEqual({});
    expect(effectivePolicy([at('installation', {}), at('org', {})])).toEqual({});
  });

  it('has the lowest number and the level that set it', () => {
    const policies = [at('org', { max_lifetime_days: 90 }), at('installation', { max_lifetime_days: 365 })];
    expect(effectivePolicy(policies)).toEqual({ max_lifetime_days: { value: 90, set_by: 'org' } });
  });

  it('names the widest of the levels that set the same', () => {
    const policies = (['org', 'partner', 'installation'] as const).map((level) =>
      at(level, { max_active_keys: 5, expiry_required: true, scope_ceiling: ['tags:read'] }),
    );
    expect(effectivePolicy(policies)).toEqual({
      max_active_keys: { value: 5, set_by: 'installation' },
      expiry_required: { value: true, set_by: 'installation' },
      scope_ceiling: { value: ['tags:read'], set_by: 'installation' },
    });
  });

  it('keeps a maximum of zero', () => {
    const policies = [at('installation', { max_active_keys: 0 }), at('org', { max_active_keys: 5 })];
    expect(effectivePolicy(policies)).toEqual({ max_active_keys: { value: 0, set_by: 'installation' } });
  });

  it('has the scopes that every ceiling lists', () => {
    const policies = [
      at('installation', { scope_ceiling: ['contacts:read', 'contacts:write', 'tags:read'] }),
      at('partner', { scope_ceiling: ['contacts:read', 'contacts:write', 'tags:read', 'tags:write'] }),
      at('org', { scope_ceiling: ['tags:read', 'tags:write'] }),
    ];
    expect(effectivePolicy(policies.slice(0, 2)).scope_ceiling).toEqual({
      value: ['contacts:read', 'contacts:write', 'tags:read'],
      set_by: 'installation',
    });
    expect(effectivePolicy(policies).scope_ceiling).toEqual({ value: ['tags:read'], set_by: 'org' });
  });

  it('allows nothing where the ceilings have nothing in common', () => {
    const policies = [at('partner', { scope_ceiling: ['tags:read'] }), at('org', { scope_ceiling: ['tags:write'] })];
    expect(effectivePolicy(policies).scope_ceiling).toEqual({ value: [], set_by: 'org' });
  });

  it('lowers a default lifetime to the longest one that is allowed', () => {
    const policies = [at('partner', { max_lifetime_days: 30 }), at('org', { default_lifetime_days: 90 })];
    expect(effectivePolicy(policies)).toEqual({
      max_lifetime_days: { value: 30, set_by: 'partner' },
      default_lifetime_days: { value: 30, set_by: 'partner' },
    });
  });
});
