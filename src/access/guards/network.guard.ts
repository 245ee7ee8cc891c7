import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { accessErrors } from '../errors/access.errors.js';
import { isOriginAllowed } from '../network/allowed-origins.js';
import { headerOf } from '../../core/http/header-of.js';
import { OwnOrigin } from '../network/own-origin.js';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Checks the allowed addresses, then the allowed origins. For sessions: that the request comes from the server's own page
 * (403), loaded for the session's org (409).
 */
@Injectable()
export class NetworkGuard implements CanActivate {
  constructor(private readonly ownOrigin: OwnOrigin) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.getArgByIndex<FastifyRequest>(0);
    const principal = request.principal;
    if (principal === null) return true;
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
    return true;
  }
}
