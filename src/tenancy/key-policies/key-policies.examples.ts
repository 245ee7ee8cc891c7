import { EXAMPLE_IDS as IDS } from '../../core/wire/example-ids.js';
import { defineExamples } from '../../core/wire/examples.js';

const RULES = {
  max_lifetime_days: 365,
  default_lifetime_days: 90,
  expiry_required: true,
  full_access_forbidden: true,
  ip_list_required: false,
  scope_ceiling: null,
  max_active_keys: 50,
  suspend_idle_after_days: 90,
};
const VIOLATOR = {
  id: IDS.apiKey,
  org_id: IDS.org,
  name: 'Booking website',
  masked_key: 'ocx_live_…x7Qa',
  created_at: '2025-11-02T09:00:00.000Z',
  expires_at: null,
  last_used_at: '2026-03-09T14:04:51.006Z',
  rules: [
    { rule: 'max_lifetime_days', set_by: 'partner' },
    { rule: 'expiry_required', set_by: 'org' },
  ],
  refused_from: '2027-06-01T00:00:00.000Z',
};

export const keyPolicyExamples = defineExamples({
  schemas: {
    SetKeyPolicyDto: {
      default_lifetime_days: 90,
      full_access_forbidden: true,
      suspend_idle_after_days: 90,
      enforce_from: '2027-06-01T00:00:00.000Z',
    },
    KeyPolicySettings: { ...RULES, enforce_from: '2027-06-01T00:00:00.000Z' },
    EffectiveKeyPolicy: {
      max_lifetime_days: { value: 180, set_by: 'partner' },
      default_lifetime_days: { value: 90, set_by: 'org' },
      expiry_required: { value: true, set_by: 'org' },
      full_access_forbidden: { value: true, set_by: 'installation' },
    },
    NumberInForce: { value: 180, set_by: 'partner' },
    FlagInForce: { value: true, set_by: 'org' },
    ScopesInForce: { value: ['contacts:read'], set_by: 'org' },
    KeyPolicyView: {
      enforce_from: '2027-06-01T00:00:00.000Z',
      updated_at: '2026-03-09T14:05:00.000Z',
      updated_by: 'Maya Okafor',
    },
    BrokenRuleView: VIOLATOR.rules[0]!,
    PolicyViolator: VIOLATOR,
    KeyPolicyPreview: { count: 1, is_complete: true, items: [VIOLATOR], next: null },
  },
});
