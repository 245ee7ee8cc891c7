import type { KeyPolicy } from './key-policy.entity.js';

/** Who sets a policy, the widest first. */
export const POLICY_LEVELS = ['installation', 'partner', 'org'] as const;
export type PolicyLevel = (typeof POLICY_LEVELS)[number];

/** Rules that a key follows or breaks, whatever other keys there are. */
export const KEY_RULES = [
  'max_lifetime_days',
  'expiry_required',
  'full_access_forbidden',
  'ip_list_required',
  'scope_ceiling',
] as const;
export type KeyRule = (typeof KEY_RULES)[number];

/** All rules. The first three act on a key without being broken by it. */
export const POLICY_RULES = [
  'default_lifetime_days',
  'max_active_keys',
  'suspend_idle_after_days',
  ...KEY_RULES,
] as const;
export type PolicyRule = (typeof POLICY_RULES)[number];

export type PolicyRules = Pick<KeyPolicy, PolicyRule>;

export const NO_RULES: PolicyRules = {
  max_lifetime_days: null,
  default_lifetime_days: null,
  expiry_required: false,
  full_access_forbidden: false,
  ip_list_required: false,
  scope_ceiling: null,
  max_active_keys: null,
  suspend_idle_after_days: null,
};

/** A broken rule, and whose policy has it. */
export interface BrokenRule {
  readonly rule: KeyRule;
  readonly set_by: PolicyLevel;
}

/** The settings of a key that rules are about. */
export interface JudgedKey {
  readonly type: string;
  readonly scopes: readonly string[] | null;
  readonly expires_at: Date | null;
  readonly allowed_ips: readonly string[];
  readonly allowed_origins: readonly string[];
}

/** The settings of a key, with defaults for those that were not given. */
export function judgedKey(fields: Partial<JudgedKey>): JudgedKey {
  const { type = 'standard', scopes = null, expires_at = null, allowed_ips = [], allowed_origins = [] } = fields;
  return { type, scopes, expires_at, allowed_ips, allowed_origins };
}

/** Days of a lifetime, without those that daylight saving makes longer or shorter. */
export const DAY_MS = 86_400_000;
