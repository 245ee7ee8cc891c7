import type { RateWindowName } from '../rate-limit/rate-limit-headers.js';
import { declarePolicy } from '../routes/route-policy.js';
import type { Audience } from '../scopes/audience.js';

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
