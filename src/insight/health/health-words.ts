import type { RefusalReason } from '../../access/errors/refusal-reasons.js';

const NUMBER = new Intl.NumberFormat('en');
const DATE = new Intl.DateTimeFormat('en', { dateStyle: 'long', timeZone: 'UTC' });

/** For "2% denied, mostly …". */
const REASON_WORDS: Readonly<Record<RefusalReason, string>> = {
  credential_missing: 'no credential',
  credential_malformed: 'malformed credential',
  credential_unknown: 'unknown credential',
  secret_wrong: 'wrong secret',
  credential_replaced: 'replaced credential',
  key_revoked: 'revoked key',
  key_expired: 'expired key',
  key_suspended: 'suspended key',
  org_suspended: 'suspended organization',
  service_suspended: 'suspended service',
  policy_violated: 'violated policy',
  org_archived: 'archived organization',
  audience_mismatch: 'wrong kind of key',
  too_many_failures: 'too many failures',
  address_not_allowed: 'IP not allowed',
  address_unknown: 'unknown IP',
  origin_not_allowed: 'domain not allowed',
  cross_site_request: 'cross-site request',
  other_org: 'other organization',
  partner_inactive: 'inactive partner',
  rate_limited: 'rate limit',
  scope_missing: 'missing scope',
  role_missing: 'missing role',
  agent_mismatch: 'other agent',
  no_route: 'unknown route',
  ambiguous_path: 'ambiguous path',
};

export function reasonWords(reason: RefusalReason): string {
  return REASON_WORDS[reason];
}

/** `1 request`, `1,204 requests` */
export function counted(number: number, noun: string): string {
  return `${NUMBER.format(number)} ${noun}${number === 1 ? '' : 's'}`;
}

/** `November 3, 2026`, in UTC. */
export function dateOf(instant: string): string {
  return DATE.format(new Date(instant));
}

/** `98%`. Only nothing is 0%, and only everything is 100%. */
export function percent(share: number): string {
  const rounded = Math.round(share * 100);
  if (rounded === 0 && share > 0) return 'less than 1%';
  if (rounded === 100 && share < 1) return 'more than 99%';
  return `${rounded}%`;
}
