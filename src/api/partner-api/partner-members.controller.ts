import { Body, Controller, Get, Header, Post, UseGuards } from '@nestjs/common';
import { ForAudience } from '../../access/decorators/for-audience.js';
import { type Caller, CurrentCaller } from '../../kit/audit/actor.js';
import { CreateLoginLinkDto, LoginLinkView } from '../../tenancy/login-links/login-link.dto.js';
import { LoginLinks } from '../../tenancy/login-links/login-links.service.js';
import { Members } from '../../tenancy/members/members.service.js';
import { Answers } from '../../core/wire/answers.js';
import { Roles } from './partner-api.dto.js';
import { OrgOwnershipGuard } from '../../tenancy/orgs/org-ownership.guard.js';
import { Idempotent } from '../../kit/idempotency/idempotent.js';
import { Id } from '../../kit/crud/id.js';

/** Login links and roles of a partner's org [S1]. */
@Controller('partner/v1/orgs/:orgId')
@UseGuards(OrgOwnershipGuard)
export class PartnerMembersController {
  constructor(
    private readonly loginLinks: LoginLinks,
    private readonly members: Members,
  ) {}

  @Post('login-links')
  @Header('Cache-Control', 'no-store')
  @ForAudience('partner', { alsoCharge: 'login-links-min' })
  @Answers(201, LoginLinkView, 'Create a login link')
  @Idempotent()
  createLoginLink(
    @CurrentCaller() { principal, actor }: Caller,
    @Id('orgId') orgId: string,
    @Body() dto: CreateLoginLinkDto,
  ) {
    return this.loginLinks.create(actor, orgId, dto, principal.id);
  }

  @Get('roles')
  @ForAudience('partner')
  @Answers(200, Roles, "List an org's roles")
  async roles(@Id('orgId') orgId: string): Promise<Roles> {
    return { data: await this.members.roles(orgId) };
  }
}
