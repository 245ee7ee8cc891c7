import type { RateWindowName } from '../rate-limit/rate-limit-headers.js';
import type { Audience } from '../scopes/audience.js';
import type { RoleName } from '../scopes/roles.js';

/** Who may call a route, and what it needs. One decorator of `access/decorators/` on each handler declares it. */
export interface RoutePolicy {
  readonly audience: Audience;
  /** `tags:read`; org and agent routes have one. */
  readonly scope?: string;
  /** The lowest role that a member needs; management routes have one. */
  readonly role?: RoleName;
  /** A window that is charged besides the principal's own. */
  readonly alsoCharge?: RateWindowName;
  /** Why a public route is public. */
  readonly reason?: string;
}

type Handler = object;

// Keyed by the handler function: the guards read it on every request, and reflection is slower.
const policies = new WeakMap<Handler, RoutePolicy>();

/** Undefined: the handler declares none, which fails the start. */
export function policyOf(handler: Handler): RoutePolicy | undefined {
  return policies.get(handler);
}

/** For `access/decorators/`. */
export function declarePolicy(policy: RoutePolicy): MethodDecorator {
  return (_target, _name, descriptor) => {
    policies.set(descriptor.value as Handler, policy);
  };
}
