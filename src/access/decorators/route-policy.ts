import { applyDecorators } from '@nestjs/common';
import type { AgentResource, OrgResource, ActionOf } from '../scopes/scope-catalogue.js';
import type { Audience } from '../scopes/audience.js';
import { guardFirst } from './guard-first.js';
import { OwnAgentGuard } from '../guards/own-agent.guard.js';
import type { RateWindowName } from '../rate-limit/rate-limit-headers.js';
import type { RoleName } from '../scopes/roles.js';

/** Who may call a route, and what it needs. One decorator of this file on each handler says it. */
export interface RoutePolicy {
  readonly audience: Audience;
  /** `tags:read`; org and agent routes have one. */
  readonly scope?: string;
  /** Least rights that a signed-in member needs; management routes have one. */
  readonly role?: RoleName;
  /** Windows that are charged beside the principal's own. */
  readonly alsoCharge?: RateWindowName;
  /** Why a public route is public. */
  readonly reason?: string;
}

type Handler = object;

// Keyed by the handler function itself: the guards look here on every request, and reflection costs more.
const policies = new WeakMap<Handler, RoutePolicy>();

/** The policy of a route's handler; undefined when it declares none, which fails the start. */
export function policyOf(handler: Handler): RoutePolicy | undefined {
  return policies.get(handler);
}

/** For the decorators here and beside this file. */
export function declarePolicy(policy: RoutePolicy): MethodDecorator {
  return (_target, _name, descriptor) => {
    policies.set(descriptor.value as Handler, policy);
  };
}

/** An org route: needs an org key with this scope. @example @RequireScope('tags', 'read') */
export function RequireScope<R extends OrgResource>(resource: R, action: ActionOf<'org', R>): MethodDecorator {
  return declarePolicy({ audience: 'org', scope: `${resource}:${action}` });
}

/**
 * A webhook, found by `:webhook_token` in its path: its own row says whether it takes anybody, or only an org key with
 * this scope. What isn't there is 404 before any credential is looked at.
 */
export function PublicOrRequireScope<R extends OrgResource>(resource: R, action: ActionOf<'org', R>): MethodDecorator {
  return declarePolicy({ audience: 'public-or-org', scope: `${resource}:${action}` });
}

/** An agent route: needs a key + secret with this permission, bound to the agent in the path [seed 003]. */
export function RequireAgentScope<R extends AgentResource>(resource: R, action: ActionOf<'agent', R>): MethodDecorator {
  return applyDecorators(
    declarePolicy({ audience: 'agent', scope: `${resource}:${action}` }),
    guardFirst(OwnAgentGuard),
  );
}

/** A route for partners, users, event keys or any key, none of which has scopes. */
export function ForAudience(
  audience: Exclude<Audience, 'org' | 'agent' | 'public-or-org' | 'public'>,
  options: { readonly alsoCharge?: RateWindowName } = {},
): MethodDecorator {
  return declarePolicy({ audience, ...options });
}

/** A route that needs no credential, and why. */
export function Public(reason: string): MethodDecorator {
  return declarePolicy({ audience: 'public', reason });
}
