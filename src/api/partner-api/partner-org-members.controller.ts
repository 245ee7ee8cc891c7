import { Body, Controller, Delete, Get, Patch, Post, UseGuards } from '@nestjs/common';
import { ForAudience } from '../../access/decorators/for-audience.js';
import { Answers, AnswersNothing, AnswersPage } from '../../core/wire/answers.js';
import { ReadQuery } from '../../core/wire/query-reader.js';
import type { Wire } from '../../core/wire/wire-json.js';
import { type Caller, CurrentCaller } from '../../kit/audit/actor.js';
import { Id } from '../../kit/crud/id.js';
import { Idempotent } from '../../kit/idempotency/idempotent.js';
import { ListQueries, type PageRequest } from '../../kit/lists/list-queries.js';
import { MemberChanges } from '../../tenancy/members/member-changes.service.js';
import { MemberDirectory } from '../../tenancy/members/member-directory.js';
import { AddMemberDto, MemberView, UpdateMemberDto } from '../../tenancy/members/member.dto.js';
import { OrgOwnershipGuard } from '../../tenancy/orgs/org-ownership.guard.js';

const queries = new ListQueries({});

/** The members of a partner's org. The partner may do what an Owner may. */
@Controller('partner/v1/orgs/:orgId/members')
@UseGuards(OrgOwnershipGuard)
export class PartnerOrgMembersController {
  constructor(
    private readonly directory: MemberDirectory,
    private readonly changes: MemberChanges,
  ) {}

  @Get()
  @ForAudience('partner')
  @AnswersPage(MemberView, 'List the members of an org')
  list(@Id('orgId') orgId: string, @ReadQuery(queries) page: PageRequest) {
    return this.directory.members(orgId, page);
  }

  @Post()
  @ForAudience('partner')
  @Answers(201, MemberView, 'Add a member to an org', { refusals: [404, 409] })
  @Idempotent()
  async add(
    @CurrentCaller() { actor }: Caller,
    @Id('orgId') orgId: string,
    @Body() dto: AddMemberDto,
  ): Promise<Wire<MemberView>> {
    return this.directory.read(orgId, await this.changes.add({ actor, orgId }, dto));
  }

  @Patch(':userId')
  @ForAudience('partner')
  @Answers(200, MemberView, 'Change the role of a member of an org', { refusals: [409] })
  async update(
    @CurrentCaller() { actor }: Caller,
    @Id('orgId') orgId: string,
    @Id('userId') userId: string,
    @Body() { role_id }: UpdateMemberDto,
  ): Promise<Wire<MemberView>> {
    await this.changes.changeRole({ actor, orgId }, userId, role_id);
    return this.directory.read(orgId, userId);
  }

  @Delete(':userId')
  @ForAudience('partner')
  @AnswersNothing('Remove a member of an org', {
    description: 'Sessions and pending login links end. What the member created stays.',
    refusals: [409],
  })
  remove(@CurrentCaller() { actor }: Caller, @Id('orgId') orgId: string, @Id('userId') userId: string): Promise<void> {
    return this.changes.remove({ actor, orgId }, userId);
  }
}
