import { Injectable } from '@nestjs/common';
import type { Caller } from '../../kit/audit/actor.js';
import { type CheckedConnection, Integrations } from '../../tenancy/integrations/integrations.service.js';
import type { CreateOrgDto } from '../../tenancy/orgs/org.dto.js';
import { Orgs } from '../../tenancy/orgs/orgs.service.js';
import { createdOrg, type CreatedOrg } from './org-view.dto.js';

/** Creates orgs with their integrations. */
@Injectable()
export class PartnerOrgs {
  constructor(
    private readonly orgs: Orgs,
    private readonly integrations: Integrations,
  ) {}

  /** Makes outbound requests. @throws AppError invalid_request (400) if an integration fails; no org is created [S1] */
  checkIntegrations({ integrations }: CreateOrgDto): Promise<CheckedConnection[]> {
    return this.integrations.checkAll(integrations ?? {});
  }

  /** Creates the org and its connections in one transaction. @throws AppError org_external_id_taken (409) */
  async create(
    { actor, principal }: Caller,
    { integrations: _, ...dto }: CreateOrgDto,
    connections: readonly CheckedConnection[],
  ): Promise<CreatedOrg> {
    const org = await this.orgs.create(actor, principal.partnerId, dto, async (manager, record, orgId) => {
      for (const connection of connections) await this.integrations.add(manager, record, orgId, connection);
    });
    return createdOrg(org);
  }
}
