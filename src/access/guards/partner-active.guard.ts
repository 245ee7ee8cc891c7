import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { policyOf } from '../routes/route-policy.js';
import { refused } from '../principal/principal.js';
import { unauthorized } from '../credentials/unauthorized.js';

/** Is the partner behind it active? 401 [seed 001]. */
@Injectable()
export class PartnerActiveGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { principal } = context.getArgByIndex<FastifyRequest>(0);
    if (principal !== null && !principal.partnerActive)
      // The route's audience, as the first guard has it.
      throw refused(principal, unauthorized(policyOf(context.getHandler())!.audience, true));
    return true;
  }
}
