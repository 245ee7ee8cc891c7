import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { assertPartnerActive } from '../decision/partner-active.js';
import { policyOf } from '../routes/route-policy.js';

/** Refuses keys and sessions of an inactive partner and of its orgs: 401 (S1). */
@Injectable()
export class PartnerActiveGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { principal } = context.getArgByIndex<FastifyRequest>(0);
    if (principal !== null) assertPartnerActive(principal, policyOf(context.getHandler())!.audience);
    return true;
  }
}
