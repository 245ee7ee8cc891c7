import { Body, Controller, Delete, Get, Param, Patch, Post, Query, UseGuards } from '@nestjs/common';
import { CurrentPrincipal } from '../../access/decorators/current-principal.js';
import { ForAudience } from '../../access/decorators/for-audience.js';
import type { Principal } from '../../access/principal/principal.js';
import { type Caller, CurrentCaller } from '../../kit/audit/actor.js';
import { CREDENTIALS_BY_PROVIDER } from '../../tenancy/integrations/credentials-by-provider.js';
import { CreateOrgDto, UpdateOrgDto } from '../../tenancy/orgs/org.dto.js';
import { WholeOrg, wholeOrg } from '../../tenancy/orgs/org-view.dto.js';
import { Orgs } from '../../tenancy/orgs/orgs.service.js';
import { Answers, AnswersNothing } from '../../core/wire/answers.js';
import { OrgOwnershipGuard } from '../../tenancy/orgs/org-ownership.guard.js';
import { CreatedOrg, ListedOrg, listedOrg, ListedOrgs } from './org-view.dto.js';
import { ListOrgsQuery } from './partner-api.dto.js';
import { PartnerOrgs } from './partner-orgs.service.js';
import { Idempotent } from '../../kit/idempotency/idempotent.js';
import { Id } from '../../kit/crud/id.js';
import type { CheckedConnection } from '../../tenancy/integrations/integrations.service.js';

/** A partner's orgs [S1]. */
@Controller('partner/v1/orgs')
export class PartnerOrgsController {
  constructor(
    private readonly orgs: Orgs,
    private readonly partnerOrgs: PartnerOrgs,
  ) {}

  @Post()
  @ForAudience('partner', { alsoCharge: 'org-create-min' })
  @Answers(201, CreatedOrg, 'Create an org', { refusals: [409], description: CREDENTIALS_BY_PROVIDER })
  @Idempotent({ prepare: 'checkIntegrations' })
  create(@CurrentCaller() caller: Caller, @Body() dto: CreateOrgDto, connections: CheckedConnection[]) {
    return this.partnerOrgs.create(caller, dto, connections);
  }

  checkIntegrations(_caller: Caller, dto: CreateOrgDto): Promise<CheckedConnection[]> {
    return this.partnerOrgs.checkIntegrations(dto);
  }

  @Get()
  @ForAudience('partner')
  @Answers(200, ListedOrgs, 'List orgs')
  async list(
    @CurrentPrincipal() { partnerId }: Principal,
    @Query() { limit, offset }: ListOrgsQuery,
  ): Promise<ListedOrgs> {
    const [orgs, total] = await this.orgs.listOfPartner(partnerId, limit, offset);
    return { data: orgs.map(listedOrg), total };
  }

  @Get('by-external-id/:externalId')
  @ForAudience('partner')
  @Answers(200, ListedOrg, 'Find an org by your own id')
  async byExternalId(@CurrentPrincipal() { partnerId }: Principal, @Param('externalId') externalId: string) {
    return listedOrg(await this.orgs.findByExternalIdOrThrow(partnerId, externalId));
  }

  @Get(':orgId')
  @ForAudience('partner')
  @Answers(200, WholeOrg, 'Get an org')
  @UseGuards(OrgOwnershipGuard)
  async read(@Id('orgId') orgId: string) {
    return wholeOrg(await this.orgs.findOrThrow(orgId));
  }

  @Patch(':orgId')
  @ForAudience('partner')
  @Answers(200, WholeOrg, 'Update an org')
  @UseGuards(OrgOwnershipGuard)
  async update(@CurrentCaller() { actor }: Caller, @Id('orgId') orgId: string, @Body() dto: UpdateOrgDto) {
    return wholeOrg(await this.orgs.update(actor, orgId, dto));
  }

  @Post(':orgId/suspend')
  @ForAudience('partner')
  @Answers(200, WholeOrg, 'Suspend an org', {
    description: 'Its keys, sessions and login links are refused until it is resumed.',
  })
  @UseGuards(OrgOwnershipGuard)
  @Idempotent()
  async suspend(@CurrentCaller() { actor }: Caller, @Id('orgId') orgId: string) {
    return wholeOrg(await this.orgs.suspend(actor, orgId, 'partner'));
  }

  @Post(':orgId/resume')
  @ForAudience('partner')
  @Answers(200, WholeOrg, 'Resume a suspended org', {
    description: 'One that the operator suspended is 409.',
    refusals: [409],
  })
  @UseGuards(OrgOwnershipGuard)
  @Idempotent()
  async resume(@CurrentCaller() { actor }: Caller, @Id('orgId') orgId: string) {
    return wholeOrg(await this.orgs.resume(actor, orgId, 'partner'));
  }

  @Delete(':orgId')
  @ForAudience('partner')
  @AnswersNothing('Archive an org')
  @UseGuards(OrgOwnershipGuard)
  archive(@CurrentCaller() { actor }: Caller, @Id('orgId') orgId: string): Promise<void> {
    return this.orgs.archive(actor, orgId);
  }
}
