import { isToken64Hex } from '../../access/credentials/credential-format.js';
import { principalOfAnybody } from '../../access/credentials/resolve-principal.js';
import { webhookOfSuspendedOrg } from '../../access/credentials/webhook-callers.js';
import type { RouteDemands } from '../../access/decision/judgements.js';
import type { WebhookDirectory } from '../../access/ports/webhook-directory.js';
import type { ScopedAudience } from '../../access/scopes/scope-catalogue.js';
import { scopesIn } from '../../access/scopes/scopes.js';
import type { Limits } from '../../core/config/config.js';
import { AppError } from '../../core/errors/app-error.js';
import { notFound } from '../../core/errors/core-errors.js';
import { invalidField } from '../../core/errors/invalid-request.js';
import { quoteInput } from '../../core/errors/quote-input.js';
import { decisionIfSuspended, matchingRoute, needsOf, needsOfRoute } from '../../gateway/doors/service-needs.js';
import type { GuardedService } from '../../gateway/services/service-directory.js';
import type { GrantableEntry } from '../../tenancy/services/grantable-scopes.js';
import type { CheckedRoute } from './check.dto.js';
import type { OwnRoute, OwnRoutes } from './own-routes.js';

/** The route that takes a request, or what the request needs without one. */
export interface AskedRoute {
  /** Null: no route matches, or the question is about a scope. */
  readonly route: CheckedRoute | null;
  readonly demands: RouteDemands;
  /** Refuses the request before any guard is asked. */
  readonly problem?: AppError;
  /** The slug of the service that is asked. */
  readonly service?: string;
}

/** Finds services by slug. */
export interface ServiceFinder {
  find(slug: string): GuardedService | undefined | Promise<GuardedService | undefined>;
}

const ANY_KEY: RouteDemands = { audience: 'any-key', scopes: [] };
const PUBLIC: RouteDemands = { audience: 'public', scopes: [] };
const PARAMETER = /\{\w+\}/g;

/** Finds out what a request needs: by its path, or by a scope. */
export class AskedRoutes {
  constructor(
    private readonly own: OwnRoutes,
    private readonly services: ServiceFinder,
    private readonly webhooks: WebhookDirectory,
    private readonly scopes: { entries(): Promise<readonly GrantableEntry[]> },
    private readonly limits: Limits,
  ) {}

  /** @param network of the client, which public webhooks limit */
  async byPath(method: string, path: string, network: string): Promise<AskedRoute> {
    const found = this.own.find(method, path);
    if (found instanceof AppError) return { route: null, demands: ANY_KEY, problem: found };
    const route = { method, path: found.template, service: null };
    const { audience } = found.policy;
    if (audience !== 'public-or-org') return { route, demands: demandsOf(found) };
    const token = found.parameters['webhook_token']!;
    // Of a template, which is asked about with a key.
    if (isParameter(token)) return { route, demands: demandsOf(found) };
    const webhook = isToken64Hex(token) ? await this.webhooks.find(token) : undefined;
    if (webhook === undefined) return { route, demands: ANY_KEY, problem: notFound('Webhook') };
    if (!webhook.isPublic) return { route, demands: demandsOf(found) };
    if (webhook.orgSuspended) return { route, demands: PUBLIC, problem: webhookOfSuspendedOrg() };
    return { route, demands: { ...PUBLIC, anybody: principalOfAnybody(webhook, token, network, this.limits) } };
  }

  /** @throws AppError invalid_request (400) for an unknown service */
  async byPathOfService(slug: string, method: string, path: string): Promise<AskedRoute> {
    const service = await this.#serviceOrThrow(slug);
    const found = matchingRoute(service, method, path.replace(PARAMETER, 'x'));
    if (found instanceof AppError) return { route: null, demands: ANY_KEY, problem: found, ...askedOf(service) };
    const needs = needsOfRoute(service, found);
    const route = { method, path: found.path, service: slug };
    return { route, demands: needs === 'public' ? PUBLIC : needs, ...askedOf(service) };
  }

  /**
   * @param slug of the service that has the scope, if the caller names it
   * @param audience of the key, because keys with a secret have scopes of their own
   * @throws AppError invalid_request (400) for an unknown scope or service
   */
  async byScope(scope: string, slug: string | undefined, audience: ScopedAudience): Promise<AskedRoute> {
    const named = slug === undefined ? undefined : await this.#serviceOrThrow(slug);
    const entries = (await this.scopes.entries()).filter((entry) => scopesIn([entry]).includes(scope));
    const offered = entries.filter(({ service }) => named === undefined || service === named.slug);
    const entry = offered.find((each) => each.audience === audience) ?? offered[0];
    if (entry === undefined) {
      const where = named === undefined ? '' : ` of service "${named.slug}"`;
      throw invalidField('scope', `${quoteInput(scope)} is not a scope${where}`);
    }
    if (entry.service === null) return { route: null, demands: { audience: entry.audience, scopes: [scope] } };
    const service = named ?? (await this.#serviceOrThrow(entry.service));
    return { route: null, demands: needsOf(service, [scope]), ...askedOf(service) };
  }

  async #serviceOrThrow(slug: string): Promise<GuardedService> {
    const service = await this.services.find(slug);
    // An id finds a service too.
    if (service === undefined || service.slug !== slug) {
      throw invalidField('service', `${quoteInput(slug)} is not a service`);
    }
    return service;
  }
}

/** A suspended service refuses before its routes are looked at. */
function askedOf(service: GuardedService): Pick<AskedRoute, 'service' | 'problem'> {
  const problem = decisionIfSuspended(service)?.refusal?.error;
  return { service: service.slug, ...(problem !== undefined && { problem }) };
}

function demandsOf({ policy, parameters }: OwnRoute): RouteDemands {
  const { audience, scope, alsoCharge, addressWindow } = policy;
  const agentId = audience === 'agent' ? parameters['agent_id'] : undefined;
  return {
    audience,
    scopes: scope === undefined ? [] : [scope],
    ...(alsoCharge !== undefined && { alsoCharge }),
    ...(addressWindow !== undefined && { addressWindow }),
    ...(agentId !== undefined && !isParameter(agentId) && { agentId: agentId.toLowerCase() }),
  };
}

/** A parameter of a template stands for any value. */
function isParameter(value: string): boolean {
  return value.startsWith('{') && value.endsWith('}');
}
