import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { refused } from '../principal.js';
import { unauthorized } from '../unauthorized.js';

/** Is the partner behind it active? 401 [seed 001]. */
@Injectable()
export class PartnerActiveGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { principal } = context.getArgByIndex<FastifyRequest>(0);
    if (principal !== null && !principal.partnerActive)
      throw refused(principal, unauthorized(principal.audience, true));
    return true;
  }
}
