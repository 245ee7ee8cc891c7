import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { policyOf } from '../routes/route-policy.js';
import { unauthorized } from '../credentials/unauthorized.js';

/** Refuses keys and sessions of an inactive partner and of its orgs: 401 (S1). */
@Injectable()
export class PartnerActiveGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { principal } = context.getArgByIndex<FastifyRequest>(0);
    if (principal !== null && !principal.partnerActive)
      throw unauthorized(policyOf(context.getHandler())!.audience, true);
    return true;
  }
}
