import type { Limits } from '../../core/config/config.js';
import { AppError } from '../../core/errors/app-error.js';
import { accessErrors } from '../errors/access.errors.js';
import { presentedCredential } from '../credentials/presented-credential.js';
import { principalOfKey } from '../credentials/resolve-principal.js';
import { absentCredential, admitted, verdictOf } from '../credentials/verdict.js';
import type { StoredKey } from '../ports/key-store.js';
import { UsageMeter } from '../ports/usage-meter.js';
import type { UsageCounter } from '../principal/usage-counter.js';
import { missingScope } from '../principal/missing-scope.js';
import type { Principal } from '../principal/principal.js';
import type { GuardedRequest } from '../principal/guarded-request.js';
import type { Charged, RateLimits } from '../rate-limit/rate-limits.js';
import type { RoutePolicy } from '../routes/route-policy.js';
import { admits } from '../scopes/audience.js';
import type { NetworkRules } from './network-rules.js';
import { lackingScope, type ServiceReach } from './needs.js';
import { assertPartnerActive } from './partner-active.js';
import type { DecidingGuard } from '../errors/refusal-reasons.js';
import { routeWindows } from './route-windows.js';

/** What a route asks of the guards. */
export interface RouteDemands extends Pick<RoutePolicy, 'audience' | 'alsoCharge' | 'addressWindow'> {
  /** All of them. */
  readonly scopes: readonly string[];
  /** Undefined: built-in scopes. */
  readonly service?: ServiceReach;
  /** The agent in the path, of routes for keys with a secret. */
  readonly agentId?: string;
  /** The caller of a public webhook, which takes the place of the key. */
  readonly anybody?: Principal;
}

/** What one guard says. Skipped: it has nothing to ask. */
export interface Judgement {
  readonly guard: DecidingGuard;
  readonly result: 'pass' | 'refuse' | 'skip';
  /** With `refuse`. */
  readonly error?: AppError;
}

export interface Judged {
  /** Null: the route is public. */
  readonly principal: Principal | null;
  /** In the order of the guards. */
  readonly judgements: readonly Judgement[];
  /** Undefined: the limits were not looked at. */
  readonly charged: Charged | undefined;
}

/** A request of a key that was not sent. */
export interface AskedRequest extends GuardedRequest {
  /** Milliseconds since the epoch. In the future, windows that end before are empty; in the past, limits are skipped. */
  readonly atMs: number;
}

/**
 * Asks each guard's own functions about a request, also after one has refused. Charges no limit and counts no usage. A
 * property test compares the answers with those of the server.
 */
export class Judgements {
  /** @param rateLimits undefined: this process doesn't count requests */
  constructor(
    private readonly cookieName: string,
    private readonly network: NetworkRules,
    private readonly limits: Limits,
    private readonly rateLimits: RateLimits | undefined,
  ) {}

  /** @param key whose credential the request presents, in the form of its kind */
  async of(key: StoredKey, request: AskedRequest, demands: RouteDemands): Promise<Judged> {
    const principal = this.#principalOf(key, demands);
    const charged = await this.#look(principal, request, demands);
    return {
      principal,
      charged,
      judgements: [
        judgement('Authentication', needsKey(demands), () => this.#authenticate(key, request, demands)),
        judgement('Network', principal !== null, () => this.network.assertAllowed(principal!, request)),
        judgement('PartnerActive', principal !== null, () => assertPartnerActive(principal!, demands.audience)),
        judgement('RateLimit', charged !== undefined && charged.windows.length > 0, () => assertRoom(charged!)),
        judgement('Scope', asksForScope(principal, demands), () => assertScopesOf(principal!, demands)),
      ],
    };
  }

  /** Of a key that has ended too, so that the later guards can be asked. */
  #principalOf(key: StoredKey, demands: RouteDemands): Principal | null {
    if (demands.anybody !== undefined) return demands.anybody;
    return needsKey(demands) ? principalOfKey(key, this.limits, UNCOUNTED) : null;
  }

  #authenticate(key: StoredKey, request: AskedRequest, { audience }: RouteDemands): void {
    const presented = presentedCredential(request.headers, audience, this.cookieName);
    if (presented === undefined) throw absentCredential(request, audience);
    admitted(verdictOf(key, this.limits, UNCOUNTED, request.atMs), audience, request.atMs);
  }

  async #look(principal: Principal | null, request: AskedRequest, demands: RouteDemands): Promise<Charged | undefined> {
    const aheadMs = request.atMs - Date.now();
    if (this.rateLimits === undefined || aheadMs < -PAST_MS_MIN) return undefined;
    // A key of another kind has no partner whose windows could be charged.
    const isAdmitted = principal === null || admits(demands.audience, principal.audience);
    const windows = routeWindows(principal, isAdmitted ? demands : {}, request, this.limits);
    const charged = await this.rateLimits.look(windows);
    if (aheadMs <= 0) return charged;
    const { standings } = charged.charge;
    const open = windows.filter((_window, index) => standings[index]!.resetSeconds * 1_000 > aheadMs);
    return open.length === windows.length ? charged : this.rateLimits.look(open);
  }
}

/** A question about now arrives a little later. */
const PAST_MS_MIN = 5_000;

const UNCOUNTED: UsageMeter = new (class extends UsageMeter {
  override counterOf(): UsageCounter {
    return {
      countRequest: () => undefined,
      countRefusal: () => undefined,
      countRejection: () => undefined,
      countScope: () => undefined,
    };
  }
})();

function needsKey({ audience, anybody }: RouteDemands): boolean {
  return audience !== 'public' && anybody === undefined;
}

/** @param assert throws the refusal */
function judgement(guard: DecidingGuard, isAsked: boolean, assert: () => void): Judgement {
  if (!isAsked) return { guard, result: 'skip' };
  try {
    assert();
    return { guard, result: 'pass' };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { guard, result: 'refuse', error };
  }
}

function assertRoom({ refusal }: Charged): void {
  if (refusal !== undefined) throw refusal;
}

/** Scopes of another kind of key have the same names and mean something else. */
function asksForScope(principal: Principal | null, { audience, scopes, agentId }: RouteDemands): boolean {
  if (principal === null || !admits(audience, principal.audience)) return false;
  return scopes.length > 0 || agentId !== undefined;
}

function assertScopesOf(principal: Principal, { scopes, service, agentId }: RouteDemands): void {
  const lacking = lackingScope(principal, { scopes, ...(service !== undefined && { service }) });
  if (lacking !== undefined) throw missingScope(principal, lacking);
  // The agent of a revoked key may be gone.
  if (agentId !== undefined && agentId !== principal.profile?.agent_id) throw accessErrors.agent_not_yours();
}
