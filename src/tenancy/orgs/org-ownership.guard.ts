import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { principalOf } from '../../access/principal/request.js';
import { orgOwnershipErrors } from './org-ownership.errors.js';
import { Orgs } from './orgs.service.js';

/**
 * Admits only the partner's own orgs, before the body is read. Another partner's org, an unknown and a malformed id
 * get the same 403, which doesn't reveal which orgs exist [S1]. Own archived orgs get `org_archived`.
 */
@Injectable()
export class OrgOwnershipGuard implements CanActivate {
  constructor(private readonly orgs: Orgs) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.getArgByIndex<FastifyRequest<{ Params: { orgId: string } }>>(0);
    const principal = principalOf(request);
    const state = await this.orgs.stateForPartner(request.params.orgId, principal.partnerId);
    if (state === 'active') return true;
    throw state === 'archived' ? orgOwnershipErrors.org_archived() : orgOwnershipErrors.org_not_yours();
  }
}
