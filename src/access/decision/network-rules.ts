import { accessErrors } from '../errors/access.errors.js';
import { headerOf } from '../../core/http/header-of.js';
import type { Principal } from '../principal/principal.js';
import type { GuardedRequest } from '../principal/guarded-request.js';
import { isOriginAllowed } from '../network/allowed-origins.js';
import type { OwnOrigin } from '../network/own-origin.js';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Decides where a principal may send requests from. */
export class NetworkRules {
  constructor(private readonly ownOrigin: OwnOrigin) {}

  /**
   * Checks the allowed addresses, then the allowed origins. For sessions: that the request comes from the server's own
   * page, loaded for the session's org.
   * @throws AppError ip_undetermined, ip_not_allowed, origin_not_allowed, cross_site_request (403), other_org (409)
   */
  assertAllowed(principal: Principal, request: GuardedRequest): void {
    if (principal.allowedIps !== undefined) {
      const { address } = request.client;
      if (!principal.allowedIps.allows(address)) {
        throw address === undefined ? accessErrors.ip_undetermined() : accessErrors.ip_not_allowed({ ip: address });
      }
    }
    if (principal.allowedOrigins.length > 0) {
      const origin = headerOf(request, 'origin');
      if (!isOriginAllowed(principal.allowedOrigins, origin, headerOf(request, 'referer'))) {
        throw accessErrors.origin_not_allowed();
      }
    }
    if (principal.audience === 'user') {
      if (!SAFE_METHODS.has(request.method)) this.ownOrigin.assertSent(request);
      this.ownOrigin.assertPageOf(request, principal.orgId);
    }
  }
}
