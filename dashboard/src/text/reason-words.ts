import type { GuardName, Outcome } from '../api/request-types';

export const OUTCOME_LABELS: Readonly<Record<Outcome, string>> = {
  allowed: 'Allowed',
  denied: 'Denied',
  client_error: 'Client error',
  server_error: 'Server error',
};

export const GUARD_LABELS: Readonly<Record<GuardName, string>> = {
  authentication: 'Authentication',
  network: 'Network',
  partner_active: 'Partner',
  rate_limit: 'Rate limit',
  scope: 'Scope',
};

const REASON_LABELS: Readonly<Record<string, string>> = {
  credential_missing: 'No credential',
  credential_malformed: 'Malformed credential',
  credential_unknown: 'Unknown key',
  secret_wrong: 'Wrong secret',
  credential_replaced: 'Replaced by rotation',
  key_revoked: 'Key revoked',
  key_expired: 'Key expired',
  key_suspended: 'Key suspended',
  org_suspended: 'Organization suspended',
  service_suspended: 'Service suspended',
  policy_violated: 'Policy violated',
  org_archived: 'Organization archived',
  audience_mismatch: 'Wrong kind of key',
  too_many_failures: 'Too many failed attempts',
  address_not_allowed: 'IP not allowed',
  address_unknown: 'IP unknown',
  origin_not_allowed: 'Domain not allowed',
  cross_site_request: 'Cross-site request',
  other_org: 'Another organization',
  partner_inactive: 'Partner inactive',
  rate_limited: 'Rate limit',
  scope_missing: 'Missing scope',
  role_missing: 'Missing role',
  agent_mismatch: 'Another agent',
  no_route: 'No such route',
  ambiguous_path: 'Ambiguous path',
  unknown: 'Unknown reason',
};

/** A short label of why a request was denied. */
export function reasonLabel(reason: string): string {
  return REASON_LABELS[reason] ?? sentenceCase(reason);
}

/** `validation_failed` reads "Validation failed". */
export function sentenceCase(code: string): string {
  const words = code.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
