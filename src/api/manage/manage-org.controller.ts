import { Body, Controller, Get, Patch } from '@nestjs/common';
import { CurrentPrincipal } from '../../access/decorators/current-principal.js';
import { RequireRole } from '../../access/decorators/require-role.js';
import type { Principal } from '../../access/principal/principal.js';
import { type Caller, CurrentCaller } from '../../kit/audit/actor.js';
import { UpdateManagedOrgDto } from '../../tenancy/orgs/org.dto.js';
import { ManagedOrg, managedOrg } from '../../tenancy/orgs/org-view.dto.js';
import { Orgs } from '../../tenancy/orgs/orgs.service.js';
import { DeclaredServices } from '../../tenancy/services/declared-services.js';
import { GrantableScopes } from '../../tenancy/services/grantable-scopes.js';
import { Answers } from '../../core/wire/answers.js';
import { ScopeCatalogue } from './scope-catalogue.dto.js';

/** The org of the session and the scopes of its keys. */
@Controller('manage/v1')
export class ManageOrgController {
  constructor(
    private readonly orgs: Orgs,
    private readonly grantable: GrantableScopes,
    private readonly services: DeclaredServices,
  ) {}

  @Get('org')
  @RequireRole('Member')
  @Answers(200, ManagedOrg, 'Get the org', { refusals: [404] })
  async read(@CurrentPrincipal() { orgId }: Principal): Promise<ManagedOrg> {
    return managedOrg(await this.orgs.findOrThrow(orgId));
  }

  @Patch('org')
  @RequireRole('Admin')
  @Answers(200, ManagedOrg, 'Change the org', { refusals: [404] })
  async update(@CurrentCaller() { principal, actor }: Caller, @Body() dto: UpdateManagedOrgDto): Promise<ManagedOrg> {
    return managedOrg(await this.orgs.update(actor, principal.orgId, dto));
  }

  /** Not paged: forms offer all of it. */
  @Get('scopes')
  @RequireRole('Member')
  @Answers(200, ScopeCatalogue, 'What keys can be granted')
  async scopes(): Promise<ScopeCatalogue> {
    const [entries, services] = await Promise.all([this.grantable.entries(), this.services.names()]);
    return {
      items: entries.filter(({ service, audience }) => service === null || audience === 'org'),
      services: services.map(({ slug: service, label, description }) => ({ service, label, description })),
    };
  }
}
