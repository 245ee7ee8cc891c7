import { describe, expect, it } from 'vitest';
import type { KeyPolicySettings } from '../api/wire';
import { policyDraftOf, policyOf, validatePolicy } from './policy-draft';

const NONE: KeyPolicySettings = {
  max_lifetime_days: null,
  default_lifetime_days: null,
  expiry_required: false,
  full_access_forbidden: false,
  ip_list_required: false,
  scope_ceiling: null,
  max_active_keys: null,
  suspend_idle_after_days: null,
  enforce_from: null,
};
const STRICT: KeyPolicySettings = {
  max_lifetime_days: 365,
  default_lifetime_days: 90,
  expiry_required: true,
  full_access_forbidden: true,
  ip_list_required: true,
  scope_ceiling: ['contacts:read'],
  max_active_keys: 0,
  suspend_idle_after_days: 60,
  enforce_from: '2027-06-01T09:30:00.000Z',
};

describe('the form of a policy', () => {
  it.each([NONE, STRICT])('saves what it was opened with, unless something is changed', (own) => {
    expect(policyOf(policyDraftOf(own), own)).toEqual(own);
  });

  it('takes an empty field for no rule', () => {
    const cleared = { ...policyDraftOf(STRICT), max_lifetime_days: '' as const, scope_ceiling: [], enforce_from: '' };
    expect(policyOf(cleared, STRICT)).toMatchObject({
      max_lifetime_days: null,
      scope_ceiling: null,
      enforce_from: null,
      max_active_keys: 0,
    });
  });

  it('enforces from the start of the chosen day', () => {
    const draft = { ...policyDraftOf(NONE), enforce_from: '2027-06-02' };
    expect(policyOf(draft, NONE).enforce_from).toBe(new Date('2027-06-02T00:00:00').toISOString());
  });

  it('refuses a default that is longer than the longest lifetime', () => {
    expect(validatePolicy(policyDraftOf(STRICT))).toEqual({});
    const draft = { ...policyDraftOf(STRICT), default_lifetime_days: 366 };
    expect(Object.keys(validatePolicy(draft))).toEqual(['default_lifetime_days']);
  });
});
