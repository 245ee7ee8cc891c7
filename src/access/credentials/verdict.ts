import type { Limits } from '../../core/config/config.js';
import type { AppError } from '../../core/errors/app-error.js';
import { endMsOf, hasEnded } from '../../core/validation/instant.js';
import type { RefusalReason } from '../errors/refusal-reasons.js';
import type { StoredKey } from '../ports/key-store.js';
import type { KeyProfile } from '../principal/key-profile.js';
import type { UsageMeter } from '../ports/usage-meter.js';
import { Principal } from '../principal/principal.js';
import type { GuardedRequest } from '../principal/guarded-request.js';
import { admits, type Audience } from '../scopes/audience.js';
import { AuthenticationFailure } from './authentication-failure.js';
import { principalOfKey } from './resolve-principal.js';
import { unauthorized } from './unauthorized.js';

/** The cached result for a credential: its principal, or why its key refuses it; null: it belongs to no key. */
export type Verdict = Principal | AuthenticationFailure | null;

const MISSING = new AuthenticationFailure('credential_missing');
const MALFORMED = new AuthenticationFailure('credential_malformed');
const UNKNOWN = new AuthenticationFailure('credential_unknown');

/** The result for a credential that is proven to be the key's. */
export function verdictOf(
  key: StoredKey,
  limits: Limits,
  meter: UsageMeter,
  nowMs = Date.now(),
): Principal | AuthenticationFailure {
  const reason = refusalOf(key, nowMs);
  if (reason !== undefined) return AuthenticationFailure.ofKey(reason, key, meter.counterOf(key));
  return principalOfKey(key, limits, meter);
}

/** Why the stored key refuses its credential; undefined: only the clock can. What ends a key hides a suspension. */
function refusalOf({ endedBy, suspendedBy, expiresAtMs }: StoredKey, nowMs: number): RefusalReason | undefined {
  if (endedBy !== null) return endedBy;
  return suspendedBy === null || hasEnded(expiresAtMs, nowMs) ? undefined : suspendedBy;
}

/**
 * The principal of a verdict. Compared with the clock on every request, so that an expiry needs no invalidation.
 * @param audience of the route
 * @throws AppError unauthorized (401)
 */
export function admitted(verdict: Verdict, audience: Audience, nowMs: number): Principal {
  if (!(verdict instanceof Principal)) throw unauthorized(audience, true, verdict ?? UNKNOWN);
  if (hasEnded(verdict.expiresAtMs, nowMs)) {
    throw unauthorized(audience, true, AuthenticationFailure.ofPrincipal(reasonOfEnd(verdict, nowMs), verdict));
  }
  if (!admits(audience, verdict.audience)) {
    throw unauthorized(audience, true, AuthenticationFailure.ofPrincipal('audience_mismatch', verdict));
  }
  return verdict;
}

function reasonOfEnd({ profile, brokenFromMs }: Principal, nowMs: number): RefusalReason {
  // Only keys are cached, and keys have a profile.
  const reason = reasonOfExpiry(profile!, nowMs);
  return reason !== 'key_expired' && hasEnded(brokenFromMs, nowMs) ? 'policy_violated' : reason;
}

/** Of a credential that has ended: its key has, or a newer credential replaced it. */
export function reasonOfExpiry({ expires_at }: Pick<KeyProfile, 'expires_at'>, nowMs: number): RefusalReason {
  return hasEnded(endMsOf(expires_at), nowMs) ? 'key_expired' : 'credential_replaced';
}

/** The 401 of a request without a credential that the audience takes. */
export function absentCredential({ headers }: GuardedRequest, audience: Audience): AppError {
  // A header of another form is a mistake that its sender can find; without one, nothing was sent.
  const isMalformed = audience !== 'user' && audience !== 'agent' && headers.authorization !== undefined;
  return unauthorized(audience, false, isMalformed ? MALFORMED : MISSING);
}
