import type { RateWindowName } from '../rate-limit/rate-limit-headers.js';
import { declarePolicy, type RoutePolicy } from '../routes/route-policy.js';
import type { Audience } from '../scopes/audience.js';

type Options = Pick<RoutePolicy, 'resources'>;

/** A route of an audience without scopes. */
export function ForAudience(
  audience: Exclude<Audience, 'org' | 'agent' | 'public-or-org' | 'public'>,
  options: Options & { readonly alsoCharge?: RateWindowName } = {},
): MethodDecorator {
  return declarePolicy({ audience, ...options });
}

/** A route that needs no credential, for the reason given. */
export function Public(reason: string, options: Options & Pick<RoutePolicy, 'addressWindow'> = {}): MethodDecorator {
  return declarePolicy({ audience: 'public', reason, ...options });
}
