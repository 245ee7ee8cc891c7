import { UseGuards } from '@nestjs/common';
import { UnknownQueryGuard } from '../../core/wire/unknown-query.guard.js';
import type { AddressWindowName, RateWindowName } from '../rate-limit/rate-limit-headers.js';
import type { Audience } from '../scopes/audience.js';
import type { RoleName } from '../scopes/roles.js';
import type { OrgResource } from '../scopes/scope-catalogue.js';

/** Who may call a route, and what it needs. One decorator of `access/decorators/` on each handler declares it. */
export interface RoutePolicy {
  readonly audience: Audience;
  /** `tags:read`; org and agent routes have one. */
  readonly scope?: string;
  /** The lowest role that a member needs; management routes have one. */
  readonly role?: RoleName;
  /** A window that is charged besides the principal's own. */
  readonly alsoCharge?: RateWindowName;
  /** The window of the client's address that a public route is charged to. */
  readonly addressWindow?: AddressWindowName;
  /** Why a public route is public. */
  readonly reason?: string;
  /** The built-in resources of a route without a scope: it exists while one of them is on. */
  readonly resources?: readonly OrgResource[];
}

type Handler = object;

// Keyed by the handler function: the guards read it on every request, and reflection is slower.
const policies = new WeakMap<Handler, RoutePolicy>();

/** Undefined: the handler declares none, which fails the start. */
export function policyOf(handler: Handler): RoutePolicy | undefined {
  return policies.get(handler);
}

/** The built-in resources of a route; empty: it always exists. */
export function resourcesOf({ scope, resources = [] }: RoutePolicy): readonly string[] {
  return scope === undefined ? resources : scope.split(':', 1);
}

const unknownQueryGuard = new UnknownQueryGuard();

/** For `access/decorators/`. The query is checked after all other guards, of the route and of its class. */
export function declarePolicy(policy: RoutePolicy): MethodDecorator {
  return (target, name, descriptor) => {
    policies.set(descriptor.value as Handler, policy);
    if (policy.audience !== 'public') UseGuards(unknownQueryGuard)(target, name, descriptor);
  };
}
