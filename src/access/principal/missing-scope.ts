import type { AppError } from '../../core/errors/app-error.js';
import { accessErrors } from '../errors/access.errors.js';
import type { Principal } from './principal.js';
import { isGranted } from '../scopes/scopes.js';

/** The refusal of a credential that lacks a scope: 403 (S0; RFC 6750 section 3.1). */
export function missingScope(principal: Principal, scope: string): AppError {
  const scheme = principal.audience === 'agent' ? 'ApiKey' : 'Bearer';
  const challenge = `${scheme} realm="gatehouse", error="insufficient_scope", scope="${scope}"`;
  return accessErrors.scope_missing({ scope }, { headers: { 'WWW-Authenticate': challenge } });
}

/**
 * Requires scopes that depend on the content of the request, besides the scope of its route.
 * @throws AppError scope_missing (403) naming the first that the credential lacks
 */
export function assertScopes(principal: Principal, scopes: Iterable<string>): void {
  for (const scope of scopes) {
    if (!isGranted(principal.scopes, scope)) throw missingScope(principal, scope);
    principal.usage?.countScope(scope);
  }
}
