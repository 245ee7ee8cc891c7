import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { principalOf } from '../access/request.js';
import { Database } from '../database/database.js';
import { isUuid } from '../database/uuid-v7.js';
import { AppError } from '../errors/app-error.js';

const OWNS = 'SELECT FROM orgs WHERE id = $1 AND partner_id = $2 AND archived_at IS NULL';

/**
 * Is it this partner's org? Before the body is looked at: another's, an unknown, an archived and a malformed id are one
 * 403, so that nobody learns which orgs exist [seed 001].
 */
@Injectable()
export class OrgOwnershipGuard implements CanActivate {
  constructor(private readonly database: Database) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.getArgByIndex<FastifyRequest<{ Params: { orgId: string } }>>(0);
    const { orgId } = request.params;
    if (isUuid(orgId)) {
      const values = [orgId, principalOf(request).partnerId];
      const { rowCount } = await this.database.pool.query({ name: 'partner-owns-org', text: OWNS, values });
      if (rowCount === 1) return true;
    }
    throw new AppError('org_not_yours');
  }
}
