import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { policyOf } from '../routes/route-policy.js';
import { missingScope } from '../principal/missing-scope.js';
import { isGranted } from '../scopes/scopes.js';

/** Admits principals with the scope of the route: 403 (S0; RFC 6750 section 3.1). */
@Injectable()
export class ScopeGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { scope } = policyOf(context.getHandler())!;
    if (scope === undefined) return true;
    const { principal } = context.getArgByIndex<FastifyRequest>(0);
    if (principal === null) return true;
    if (!isGranted(principal.scopes, scope)) throw missingScope(principal, scope);
    principal.usage?.countScope(scope);
    return true;
  }
}
