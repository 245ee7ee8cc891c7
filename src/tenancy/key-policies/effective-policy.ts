import { type PolicyLevel, POLICY_LEVELS, type PolicyRule, type PolicyRules } from './policy-rules.js';

/** A rule in force, and whose policy it is of. */
export interface EffectiveRule<Value> {
  readonly value: Value;
  /** Of equal values, the widest level: no narrower one can lift it. */
  readonly set_by: PolicyLevel;
}

/** The strictest of several policies, rule by rule. Without a rule, the key is absent. */
export type EffectivePolicy = {
  readonly [Rule in PolicyRule]?: EffectiveRule<NonNullable<PolicyRules[Rule]>>;
};

export type LeveledRules = PolicyRules & { readonly level: PolicyLevel };

const LOWEST_COUNTS = [
  'max_lifetime_days',
  'default_lifetime_days',
  'max_active_keys',
  'suspend_idle_after_days',
] as const;
const ANY_COUNTS = ['expiry_required', 'full_access_forbidden', 'ip_list_required'] as const;

type Found = { -readonly [Rule in PolicyRule]?: EffectivePolicy[Rule] };

export function effectivePolicy(policies: readonly LeveledRules[]): EffectivePolicy {
  const found: Found = {};
  const widestFirst = policies.toSorted((one, other) => rank(one) - rank(other));
  for (const policy of widestFirst) tighten(found, policy);
  // No default may exceed what is allowed.
  const { default_lifetime_days: byDefault, max_lifetime_days: most } = found;
  if (byDefault && most && most.value < byDefault.value) found.default_lifetime_days = most;
  return found;
}

function rank({ level }: LeveledRules): number {
  return POLICY_LEVELS.indexOf(level);
}

function tighten(found: Found, policy: LeveledRules): void {
  const { level: set_by } = policy;
  for (const rule of LOWEST_COUNTS) {
    const value = policy[rule];
    if (value !== null && value < (found[rule]?.value ?? Infinity)) found[rule] = { value, set_by };
  }
  for (const rule of ANY_COUNTS) {
    if (policy[rule]) found[rule] ??= { value: true, set_by };
  }
  const { scope_ceiling: ceiling } = policy;
  if (ceiling === null) return;
  const wider = found.scope_ceiling;
  const value = wider === undefined ? ceiling : wider.value.filter((scope) => ceiling.includes(scope));
  if (value.length !== wider?.value.length) found.scope_ceiling = { value, set_by };
}
