import { filled } from '../../core/errors/define-errors.js';
import { accessErrors } from './access.errors.js';

/** The guard that refuses, as `/metrics` names it. */
export type DecidingGuard = 'Authentication' | 'Network' | 'PartnerActive' | 'RateLimit' | 'Scope';

interface ReasonDefinition {
  /** The guard that asks the question. */
  readonly guard: DecidingGuard;
  /** For the owner of the key, never for the refused caller. `{name}` is filled in from the parameters. */
  readonly message: string;
}

const DEFINITIONS = {
  credential_missing: { guard: 'Authentication', message: 'The request has no credential.' },
  credential_malformed: {
    guard: 'Authentication',
    message: 'The credential is malformed: mistyped, incomplete, or sent in the wrong form.',
  },
  credential_unknown: { guard: 'Authentication', message: 'No key or session has this credential.' },
  secret_wrong: { guard: 'Authentication', message: 'The secret is not the secret of this key.' },
  credential_replaced: {
    guard: 'Authentication',
    message: 'A rotation replaced this credential, and its grace period is over.',
  },
  key_revoked: { guard: 'Authentication', message: 'The key is revoked.' },
  key_expired: { guard: 'Authentication', message: 'The key is expired.' },
  key_suspended: { guard: 'Authentication', message: 'The key is suspended.' },
  org_suspended: { guard: 'Authentication', message: 'The organization is suspended.' },
  service_suspended: { guard: 'Authentication', message: 'The service is suspended.' },
  policy_violated: { guard: 'Authentication', message: 'The key violates a policy that is enforced.' },
  org_archived: { guard: 'Authentication', message: 'The organization is archived.' },
  audience_mismatch: { guard: 'Authentication', message: 'The route takes keys of another kind.' },
  too_many_failures: {
    guard: 'Authentication',
    message: 'Too many requests from this address had invalid credentials in the last minute.',
  },
  address_not_allowed: { guard: 'Network', message: accessErrors.ip_not_allowed.definition.message },
  address_unknown: { guard: 'Network', message: accessErrors.ip_undetermined.definition.message },
  origin_not_allowed: { guard: 'Network', message: accessErrors.origin_not_allowed.definition.message },
  cross_site_request: { guard: 'Network', message: accessErrors.cross_site_request.definition.message },
  other_org: { guard: 'Network', message: 'The request is for another organization than the credential.' },
  partner_inactive: { guard: 'PartnerActive', message: 'The partner is inactive.' },
  rate_limited: { guard: 'RateLimit', message: accessErrors.rate_limited.definition.message },
  scope_missing: { guard: 'Scope', message: accessErrors.scope_missing.definition.message },
  role_missing: { guard: 'Scope', message: accessErrors.role_missing.definition.message },
  agent_mismatch: { guard: 'Scope', message: accessErrors.agent_not_yours.definition.message },
  no_route: { guard: 'Scope', message: 'No route of the service matches the request.' },
  ambiguous_path: { guard: 'Scope', message: 'The path can be read in more than one way.' },
} as const satisfies Readonly<Record<string, ReasonDefinition>>;

/** Why a request was refused. Finer than the public error codes, for logs and for those who manage the key. */
export type RefusalReason = keyof typeof DEFINITIONS;

export const REFUSAL_REASONS = Object.keys(DEFINITIONS) as readonly RefusalReason[];

/** The reason that an error code implies, for errors that don't bring their own. */
const OF_CODE: Readonly<Record<string, RefusalReason>> = {
  unauthorized: 'credential_unknown',
  key_and_secret_required: 'credential_missing',
  ip_not_allowed: 'address_not_allowed',
  ip_undetermined: 'address_unknown',
  origin_not_allowed: 'origin_not_allowed',
  cross_site_request: 'cross_site_request',
  other_org: 'other_org',
  rate_limited: 'rate_limited',
  scope_missing: 'scope_missing',
  role_missing: 'role_missing',
  agent_not_yours: 'agent_mismatch',
  // Of the gateway and of the partner API.
  no_route: 'no_route',
  ambiguous_path: 'ambiguous_path',
  ambiguous_path_at_proxy: 'ambiguous_path',
  org_not_yours: 'other_org',
  org_archived: 'org_archived',
};

/** Undefined: the code is not a refusal. */
export function reasonOfCode(code: string): RefusalReason | undefined {
  return Object.hasOwn(OF_CODE, code) ? OF_CODE[code] : undefined;
}

export function guardOfReason(reason: RefusalReason): DecidingGuard {
  return DEFINITIONS[reason].guard;
}

/** The sentence of a reason before its parameters are filled in. */
export function reasonTemplate(reason: RefusalReason): string {
  return DEFINITIONS[reason].message;
}

/**
 * A sentence for the reason. Equals the public error message where that says as much.
 * @param parameters those of the error: `ip`, `requests` and `period`, `scope`, `roles`
 */
export function reasonMessage(
  reason: RefusalReason,
  parameters: Readonly<Record<string, string | number>> = {},
): string {
  return filled(DEFINITIONS[reason].message, parameters);
}
