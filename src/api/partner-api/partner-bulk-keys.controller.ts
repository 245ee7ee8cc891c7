import { Body, Controller, Post, UseGuards } from '@nestjs/common';
import { ForAudience } from '../../access/decorators/for-audience.js';
import { Answers } from '../../core/wire/answers.js';
import { type Caller, CurrentCaller } from '../../kit/audit/actor.js';
import { Id } from '../../kit/crud/id.js';
import { BulkKeyChanges } from '../../tenancy/api-keys/bulk/bulk-key-changes.service.js';
import { BulkChange, RevokeApiKeysDto, UpdateApiKeysDto } from '../../tenancy/api-keys/bulk/bulk-keys.dto.js';
import { OrgOwnershipGuard } from '../../tenancy/orgs/org-ownership.guard.js';

/** Changes of many keys of a partner's orgs at once. */
@Controller('partner/v1')
export class PartnerBulkKeysController {
  constructor(private readonly bulk: BulkKeyChanges) {}

  @Post('orgs/:orgId/api-keys/bulk')
  @ForAudience('partner')
  @Answers(200, BulkChange, 'Suspend, resume, revoke or limit many API keys of an org', {
    description: 'A thousand keys at a time. After a fault, the same request changes the rest.',
  })
  @UseGuards(OrgOwnershipGuard)
  change(
    @CurrentCaller() { actor }: Caller,
    @Id('orgId') orgId: string,
    @Body() dto: UpdateApiKeysDto,
  ): Promise<BulkChange> {
    return this.bulk.change(actor, orgId, dto);
  }

  @Post('orgs/:orgId/api-keys/revoke-all')
  @ForAudience('partner')
  @Answers(200, BulkChange, 'Revoke all API keys of an org')
  @UseGuards(OrgOwnershipGuard)
  revokeOfOrg(
    @CurrentCaller() { actor }: Caller,
    @Id('orgId') orgId: string,
    @Body() { dry_run }: RevokeApiKeysDto,
  ): Promise<BulkChange> {
    return this.bulk.revokeAll(actor, { orgId }, dry_run);
  }

  @Post('api-keys/revoke-all')
  @ForAudience('partner')
  @Answers(200, BulkChange, 'Revoke all API keys of all your orgs', { description: 'Your own keys stay.' })
  revokeOfOrgs(@CurrentCaller() { principal, actor }: Caller, @Body() { dry_run }: RevokeApiKeysDto) {
    return this.bulk.revokeAll(actor, { orgsOf: principal.partnerId }, dry_run);
  }
}
