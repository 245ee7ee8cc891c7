import type { Limits } from '../../core/config/config.js';
import { addressWindow, partnerWindow } from '../credentials/resolve-principal.js';
import type { Principal } from '../principal/principal.js';
import type { GuardedRequest } from '../principal/guarded-request.js';
import type { RateWindow } from '../rate-limit/rate-window.js';
import type { RoutePolicy } from '../routes/route-policy.js';

const NONE: readonly RateWindow[] = [];

/**
 * The windows that a request to a route is charged to.
 * @param principal null: the route is public
 * @param request whose client is read only where a window is the address's
 */
export function routeWindows(
  principal: Principal | null,
  { alsoCharge, addressWindow: ofAddress }: Pick<RoutePolicy, 'alsoCharge' | 'addressWindow'>,
  request: Pick<GuardedRequest, 'client'>,
  limits: Limits,
): readonly RateWindow[] {
  if (principal === null)
    return ofAddress === undefined ? NONE : [addressWindow(ofAddress, request.client.network, limits)];
  if (alsoCharge === 'login-links-min') {
    return [...principal.windows, partnerWindow(alsoCharge, principal.partnerId, limits.loginLinksPerMinute)];
  }
  if (alsoCharge === 'org-create-min') {
    return [...principal.windows, partnerWindow(alsoCharge, principal.partnerId, limits.orgCreatePerMinute)];
  }
  return principal.windows;
}
