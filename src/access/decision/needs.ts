import type { Principal } from '../principal/principal.js';
import type { RequestTarget } from '../principal/guarded-request.js';
import type { Audience } from '../scopes/audience.js';
import { isGranted } from '../scopes/scopes.js';

/** The service that scopes belong to, as far as full access is concerned. */
export interface ServiceReach {
  /** Rises with each service; see `Principal.coversServices`. */
  readonly number: number;
  /** Full access from before the service existed covers it too. */
  readonly fullAccess: 'existing' | 'all';
}

/** What a request needs to pass. */
export interface Needs {
  readonly audience: Exclude<Audience, 'public' | 'public-or-org'>;
  /** All of them. */
  readonly scopes: readonly string[];
  /** Undefined: built-in scopes. */
  readonly service?: ServiceReach;
  /** Of a request to a service. */
  readonly target?: RequestTarget;
}

/** Whether the principal's full access covers the service; false without full access. */
export function hasFullAccessTo(service: ServiceReach, principal: Principal): boolean {
  if (principal.scopes !== null) return false;
  return service.fullAccess === 'all' || service.number <= principal.coversServices;
}

/** The first scope that the principal lacks. */
export function lackingScope(
  principal: Principal,
  { scopes, service }: Pick<Needs, 'scopes' | 'service'>,
): string | undefined {
  if (service !== undefined && principal.scopes === null) {
    return hasFullAccessTo(service, principal) ? undefined : scopes[0];
  }
  return scopes.find((scope) => !isGranted(principal.scopes, scope));
}
