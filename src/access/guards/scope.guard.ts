import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AppError } from '../../errors/app-error.js';
import { policyOf } from '../decorators/route-policy.js';
import { refused } from '../principal.js';
import { isGranted } from '../scopes.js';

/** Was it granted what the route needs? 403 [seed 000; RFC 6750 section 3.1]. */
@Injectable()
export class ScopeGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { audience, scope } = policyOf(context.getHandler())!;
    if (scope === undefined) return true;
    const { principal } = context.getArgByIndex<FastifyRequest>(0);
    if (principal === null || isGranted(principal.scopes, scope)) return true;
    const scheme = audience === 'agent' ? 'ApiKey' : 'Bearer';
    const challenge = `${scheme} realm="gatehouse", error="insufficient_scope", scope="${scope}"`;
    throw refused(principal, new AppError('scope_missing', { scope }, { headers: { 'WWW-Authenticate': challenge } }));
  }
}
