import type { EffectivePolicy, PolicyLevel, PolicyRule } from '../api/wire';
import { count, counted } from '../text/numbers';

export const LEVEL_WORDS: Readonly<Record<PolicyLevel, string>> = {
  installation: 'the installation',
  partner: 'the partner',
  org: 'this organization',
};

export const RULE_LABELS: Readonly<Record<PolicyRule, string>> = {
  max_lifetime_days: 'Longest lifetime',
  default_lifetime_days: 'Default lifetime',
  expiry_required: 'Expiry required',
  full_access_forbidden: 'Full access forbidden',
  ip_list_required: 'IP list required',
  scope_ceiling: 'Allowed scopes',
  max_active_keys: 'Most active keys',
  suspend_idle_after_days: 'Suspended when idle',
};

/** What is wrong with a key that breaks the rule. */
export const BROKEN_WORDS: Readonly<Partial<Record<PolicyRule, string>>> = {
  max_lifetime_days: 'Lives too long',
  expiry_required: 'No expiry',
  full_access_forbidden: 'Full access',
  ip_list_required: 'No IP list',
  scope_ceiling: 'Scopes not allowed',
};

const SCOPES_LISTED_MAX = 6;

/** The value of a rule in words; undefined if it doesn't apply. */
export function ruleWords<Rule extends PolicyRule>(rule: Rule, policy: EffectivePolicy): string | undefined {
  const value = policy[rule]?.value;
  if (value === undefined || value === false) return undefined;
  if (value === true) return 'Yes';
  if (rule === 'max_active_keys') return count(Number(value));
  if (rule === 'suspend_idle_after_days') return `After ${counted(Number(value), 'day')} without requests`;
  if (typeof value === 'number') return counted(value, 'day');
  const scopes = value as readonly string[];
  const more = scopes.length - SCOPES_LISTED_MAX;
  return scopes.slice(0, SCOPES_LISTED_MAX).join(', ') + (more > 0 ? ` and ${count(more)} more` : '');
}

/** The rules that apply, in the order of the form. */
export function rulesOf(policy: EffectivePolicy): PolicyRule[] {
  return (Object.keys(RULE_LABELS) as PolicyRule[]).filter((rule) => ruleWords(rule, policy) !== undefined);
}
