import { AuthenticationFailure } from '../credentials/authentication-failure.js';
import { unauthorized } from '../credentials/unauthorized.js';
import type { Audience } from '../scopes/audience.js';
import type { Principal } from '../principal/principal.js';

const INACTIVE = new AuthenticationFailure('partner_inactive');

/** @throws AppError unauthorized (401) for keys and sessions of an inactive partner and of its orgs (S1) */
export function assertPartnerActive(principal: Principal, audience: Audience): void {
  if (!principal.partnerActive) throw unauthorized(audience, true, INACTIVE);
}
