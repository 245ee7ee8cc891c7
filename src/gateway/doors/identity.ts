import { hasFullAccessTo } from '../../access/decision/needs.js';
import type { Principal } from '../../access/principal/principal.js';
import type { GuardedService } from '../services/service-directory.js';

/** A longer list of scopes of a key with full access is `*`, because proxies and servers bound their headers. */
const LISTED_SCOPES_MAX = 200;

const known = new WeakMap<Principal, WeakMap<GuardedService, readonly string[]>>();

/** The service's scopes that a principal has, in the order of the declaration. Others are none of its business. */
export function scopesAt(service: GuardedService, principal: Principal): readonly string[] {
  let byService = known.get(principal);
  if (byService === undefined) known.set(principal, (byService = new WeakMap()));
  let scopes = byService.get(service);
  if (scopes === undefined) {
    const { scopes: held } = principal;
    scopes =
      held === null
        ? principal.audience !== 'event' && hasFullAccessTo(service, principal)
          ? service.scopes
          : []
        : service.scopes.filter((scope) => held.has(scope));
    byService.set(service, scopes);
  }
  return scopes;
}

/** One line for a header or a claim. */
export function scopeList(service: GuardedService, principal: Principal): string {
  const scopes = scopesAt(service, principal);
  return scopes === service.scopes && scopes.length > LISTED_SCOPES_MAX ? '*' : scopes.join(' ');
}
