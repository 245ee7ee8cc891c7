import type { FieldProblem } from '../../core/errors/app-error.js';
import { quoteInput } from '../../core/errors/quote-input.js';
import type { EffectivePolicy } from './effective-policy.js';
import { DAY_MS, type JudgedKey, type KeyRule, type PolicyLevel } from './policy-rules.js';

const SCOPES_NAMED_MAX = 5;

const OWNERS: Readonly<Record<PolicyLevel, string>> = {
  installation: 'the installation',
  partner: 'the partner',
  org: 'the organization',
};

/** @example the partner's key policy */
export function policyWords(level: PolicyLevel): string {
  return `${OWNERS[level]}'s key policy`;
}

/** The setting that breaks a rule. */
export const FIELD_OF_RULE = {
  max_lifetime_days: 'expires_at',
  expiry_required: 'expires_at',
  full_access_forbidden: 'scopes',
  ip_list_required: 'allowed_ips',
  scope_ceiling: 'scopes',
} as const satisfies Readonly<Record<KeyRule, keyof JudgedKey>>;

/**
 * What is wrong with a key, what would be right, and who says so.
 * @param issuedAt when the credential is made
 */
export function brokenRuleProblem(
  rule: KeyRule,
  policy: EffectivePolicy,
  key: JudgedKey,
  issuedAt: Date,
): FieldProblem {
  return { field: FIELD_OF_RULE[rule], message: `${SENTENCES[rule](policy, key, issuedAt)} (${rule})` };
}

const SENTENCES: Readonly<Record<KeyRule, (policy: EffectivePolicy, key: JudgedKey, issuedAt: Date) => string>> = {
  max_lifetime_days: ({ max_lifetime_days: rule }, { expires_at }, issuedAt) => {
    const { value, set_by } = rule!;
    const allows = `${policyWords(set_by)} allows ${value === 1 ? 'one day' : `${value} days`}`;
    const latestMs = issuedAt.getTime() + value * DAY_MS;
    if (latestMs < Date.now()) return `expires_at must not be later: ${allows}, which a rotation begins again`;
    const latest = new Date(latestMs).toISOString();
    return `expires_at ${expires_at === null ? 'is required, at the latest' : 'must be at the latest'} ${latest}: ${allows}`;
  },
  expiry_required: ({ expiry_required: rule }) => `expires_at is required by ${policyWords(rule!.set_by)}`,
  full_access_forbidden: ({ full_access_forbidden: rule }) =>
    `scopes are required: ${policyWords(rule!.set_by)} forbids full access`,
  ip_list_required: ({ ip_list_required: rule }) =>
    `allowed_ips must list at least one address or network: ${policyWords(rule!.set_by)} requires it`,
  scope_ceiling: ({ scope_ceiling: rule }, { scopes }) => {
    const { value, set_by } = rule!;
    if (scopes === null) return `scopes are required: ${policyWords(set_by)} lists what keys may be granted`;
    const beyond = scopes.filter((scope) => !value.includes(scope));
    const named = beyond.slice(0, SCOPES_NAMED_MAX).map(quoteInput).join(', ');
    const more = beyond.length > SCOPES_NAMED_MAX ? ` and ${beyond.length - SCOPES_NAMED_MAX} more` : '';
    return `scopes must not include ${named}${more}: ${policyWords(set_by)} doesn't list them`;
  },
};
