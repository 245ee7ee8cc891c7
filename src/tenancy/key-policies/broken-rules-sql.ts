import { KEY_RULES, type KeyRule } from './policy-rules.js';

/**
 * The only definition of what breaks a rule: for new keys, changes, lists and refusals. SQL conditions over a row `p` of
 * `key_policies` and a row `k` with the columns of `JudgedKey` and `issued_at`, when its newest credential was made.
 */
const CONDITIONS: Readonly<Record<KeyRule, string>> = {
  // An hour of slack, because clients count the days by their own clocks. Hours, because a local day can have 23 or 25.
  max_lifetime_days: `p.max_lifetime_days IS NOT NULL AND (k.expires_at IS NULL
    OR k.expires_at > k.issued_at + p.max_lifetime_days * interval '24 hours' + interval '1 hour')`,
  expiry_required: 'p.expiry_required AND k.expires_at IS NULL',
  // Typed keys have no scopes (S4).
  full_access_forbidden: `p.full_access_forbidden AND k.type = 'standard' AND k.scopes IS NULL`,
  // A typed key may be bound to domains instead: browsers call with it.
  ip_list_required: `p.ip_list_required AND k.allowed_ips = '{}' AND (k.type = 'standard' OR k.allowed_origins = '{}')`,
  scope_ceiling: `p.scope_ceiling IS NOT NULL AND k.type = 'standard'
    AND (k.scopes IS NULL OR NOT k.scopes <@ p.scope_ceiling)`,
};

/** SQL over rows `p` and `k`: the rules that the key breaks, as text[]. */
export const BROKEN_RULES = `array_remove(
  ARRAY[${KEY_RULES.map((rule) => `CASE WHEN ${CONDITIONS[rule]} THEN '${rule}' END`).join(', ')}], NULL)`;

/** SQL over a row `p`: the `PolicyLevel`. */
export const LEVEL = `CASE WHEN p.org_id IS NOT NULL THEN 'org' WHEN p.partner_id IS NOT NULL THEN 'partner' ELSE 'installation' END`;

/** SQL: when the newest credential of a key was made. A rotation begins a new lifetime. */
export function issuedAtSql(keyId: string): string {
  return `(SELECT max(key_credentials.created_at) FROM key_credentials WHERE key_id = ${keyId})`;
}

/** A subquery: the policies that apply to an org's keys. One look-up by index each. */
export function policiesSql(orgId: string, partnerId: string): string {
  return `(
    SELECT * FROM key_policies WHERE org_id = ${orgId}
    UNION ALL SELECT * FROM key_policies WHERE partner_id = ${partnerId}
    UNION ALL SELECT * FROM key_policies WHERE is_installation AND ${orgId} IS NOT NULL
  )`;
}

/** SQL: after how many idle days a key is suspended; null: never. */
export function idleDaysSql(orgId: string, partnerId: string): string {
  return `(SELECT min(p.suspend_idle_after_days) FROM ${policiesSql(orgId, partnerId)} p)`;
}

/**
 * SQL: the rules of enforced policies that a key breaks, as JSON of `EnforcedRule[]`; null: none.
 * @param key SQL of the alias of a row of `api_keys`
 */
export function enforcedRulesSql(key: string, partnerId: string): string {
  const columns = ['type', 'scopes', 'expires_at', 'allowed_ips', 'allowed_origins'].map((name) => `${key}.${name}`);
  return `(
    SELECT json_agg(json_build_object('rule', rule, 'set_by', ${LEVEL}, 'from', p.enforce_from))
    FROM ${policiesSql(`${key}.org_id`, partnerId)} p
    CROSS JOIN LATERAL (SELECT ${columns.join(', ')}, ${issuedAtSql(`${key}.id`)} AS issued_at) k
    CROSS JOIN LATERAL unnest(${BROKEN_RULES}) rule
    WHERE p.enforce_from IS NOT NULL)`;
}
