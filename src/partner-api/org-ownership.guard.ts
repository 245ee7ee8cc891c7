import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { refused } from '../access/principal.js';
import { principalOf } from '../access/request.js';
import { AppError } from '../errors/app-error.js';
import { Orgs } from '../orgs/orgs.service.js';

/**
 * Is it this partner's org? Before the body is looked at: another's, an unknown, an archived and a malformed id are one
 * 403, so that nobody learns which orgs exist [seed 001].
 */
@Injectable()
export class OrgOwnershipGuard implements CanActivate {
  constructor(private readonly orgs: Orgs) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.getArgByIndex<FastifyRequest<{ Params: { orgId: string } }>>(0);
    const principal = principalOf(request);
    if (await this.orgs.isOfPartner(request.params.orgId, principal.partnerId)) return true;
    throw refused(principal, new AppError('org_not_yours'));
  }
}
