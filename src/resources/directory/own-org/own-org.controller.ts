import { Body, Controller, Get, Patch } from '@nestjs/common';
import { CurrentPrincipal } from '../../../access/decorators/current-principal.js';
import { RequireScope } from '../../../access/decorators/require-scope.js';
import type { Principal } from '../../../access/principal/principal.js';
import { type Caller, CurrentCaller } from '../../../kit/audit/actor.js';
import { UpdateOwnOrgDto } from '../../../tenancy/orgs/org.dto.js';
import { OwnOrg, ownOrg } from '../../../tenancy/orgs/org-view.dto.js';
import { Orgs } from '../../../tenancy/orgs/orgs.service.js';
import { Answers } from '../../../core/wire/answers.js';

/** The org of the key. The path has no id, so a key cannot name another org. */
@Controller('org')
export class OrgController {
  constructor(private readonly orgs: Orgs) {}

  @Get()
  @RequireScope('org', 'read')
  @Answers(200, OwnOrg, 'Get the org', { refusals: [404] })
  async read(@CurrentPrincipal() { orgId }: Principal): Promise<OwnOrg> {
    return ownOrg(await this.orgs.findOrThrow(orgId));
  }

  @Patch()
  @RequireScope('org', 'write')
  @Answers(200, OwnOrg, 'Update the org', { refusals: [404] })
  async update(@CurrentCaller() { principal, actor }: Caller, @Body() dto: UpdateOwnOrgDto): Promise<OwnOrg> {
    return ownOrg(await this.orgs.update(actor, principal.orgId, dto));
  }
}
