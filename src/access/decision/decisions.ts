import { AppError } from '../../core/errors/app-error.js';
import { coreErrors } from '../../core/errors/core-errors.js';
import type { Authenticator } from '../credentials/authenticator.js';
import type { NetworkRules } from './network-rules.js';
import { missingScope } from '../principal/missing-scope.js';
import { assertPartnerActive } from './partner-active.js';
import type { Principal } from '../principal/principal.js';
import type { GuardedRequest } from '../principal/guarded-request.js';
import type { Charged, RateLimits } from '../rate-limit/rate-limits.js';
import type { DecidingGuard } from '../errors/refusal-reasons.js';
import { lackingScope, type Needs } from './needs.js';

/** The answer to whether a request may pass. */
export interface Decision {
  /** Undefined: it isn't authenticated. */
  readonly principal?: Principal;
  /** Undefined: a guard before the rate limit refused. */
  readonly charged?: Charged;
  /** Undefined: it passes. */
  readonly refusal?: { readonly error: AppError; readonly by: DecidingGuard };
}

/**
 * Decides on requests that don't reach this server's routes. Runs what the global guards run, in their order; a property
 * test compares the two.
 */
export class Decisions {
  constructor(
    private readonly authenticator: Authenticator,
    private readonly network: NetworkRules,
    private readonly limits: RateLimits,
  ) {}

  /**
   * Synchronous for a known credential, if the limits are counted in memory.
   * @param charge false: the windows are looked at, not charged
   * @throws faults, such as an unavailable database; refusals are returned
   */
  decide(request: GuardedRequest, needs: Needs, charge = true): Decision | Promise<Decision> {
    let principal: Principal | Promise<Principal>;
    try {
      principal = this.authenticator.authenticate(request, needs.audience);
    } catch (error) {
      return refused('Authentication', error);
    }
    if (principal instanceof Promise) {
      return principal.then(
        (resolved) => this.#afterAuthentication(resolved, request, needs, charge),
        (error: unknown) => refused('Authentication', error),
      );
    }
    return this.#afterAuthentication(principal, request, needs, charge);
  }

  #afterAuthentication(
    principal: Principal,
    request: GuardedRequest,
    needs: Needs,
    charge: boolean,
  ): Decision | Promise<Decision> {
    try {
      this.network.assertAllowed(principal, request);
    } catch (error) {
      return refused('Network', error, principal);
    }
    try {
      assertPartnerActive(principal, needs.audience);
    } catch (error) {
      return refused('PartnerActive', error, principal);
    }
    const charged = charge ? this.limits.charge(principal.windows) : this.limits.look(principal.windows);
    if (charged instanceof Promise) return charged.then((settled) => afterCharge(principal, settled, needs));
    return afterCharge(principal, charged, needs);
  }
}

function afterCharge(principal: Principal, charged: Charged, needs: Needs): Decision {
  const full = charged.refusal;
  if (full !== undefined) return { principal, charged, refusal: { error: full, by: 'RateLimit' } };
  const lacking = lackingScope(principal, needs);
  if (lacking !== undefined) {
    return { principal, charged, refusal: { error: missingScope(principal, lacking), by: 'Scope' } };
  }
  for (const scope of needs.scopes) principal.usage?.countScope(scope);
  return { principal, charged };
}

/** @throws faults, which decide nothing */
function refused(by: DecidingGuard, error: unknown, principal?: Principal): Decision {
  if (!(error instanceof AppError) || error.code === coreErrors.database_unavailable.code) throw error;
  return { ...(principal && { principal }), refusal: { error, by } };
}
