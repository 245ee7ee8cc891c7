import { Body, Controller, Delete, Get, Param, Patch, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CurrentPrincipal } from '../../access/decorators/current-principal.js';
import { RequireRole } from '../../access/decorators/require-role.js';
import type { Principal } from '../../access/principal/principal.js';
import { type Caller, CurrentCaller } from '../../kit/audit/actor.js';
import { Idempotency } from '../../kit/idempotency/idempotency.js';
import { ListQueries } from '../../kit/lists/list-queries.js';
import { AddMemberDto, MemberView, UpdateMemberDto } from '../../tenancy/members/member.dto.js';
import { MemberChanges } from '../../tenancy/members/member-changes.service.js';
import { MemberDirectory } from '../../tenancy/members/member-directory.js';
import { RoleView } from '../../tenancy/orgs/role-view.dto.js';
import { sendJson } from '../../kit/crud/send-json.js';
import { Answers, AnswersNothing, AnswersPage } from '../../core/wire/answers.js';

const queries = new ListQueries({});

/** Who is in the org, and as what. */
@Controller('manage/v1')
export class ManageMembersController {
  constructor(
    private readonly directory: MemberDirectory,
    private readonly changes: MemberChanges,
    private readonly idempotency: Idempotency,
  ) {}

  @Get('members')
  @RequireRole('Member')
  @AnswersPage(MemberView, 'List members', { query: queries.dto })
  async list(@CurrentPrincipal() { orgId }: Principal, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    sendJson(reply, await this.directory.members(orgId, queries.judge(request)));
  }

  @Post('members')
  @RequireRole('Admin')
  @Answers(201, MemberView, 'Add a member', { refusals: [404, 409], once: true })
  add(@CurrentCaller() caller: Caller, @Body() dto: AddMemberDto, @Req() request: FastifyRequest): Promise<MemberView> {
    return this.idempotency.once(request, async () =>
      this.directory.read(caller.principal.orgId, await this.changes.add(caller, dto)),
    );
  }

  @Patch('members/:user_id')
  @RequireRole('Admin')
  @Answers(200, MemberView, "Change a member's role", { refusals: [409] })
  async update(
    @CurrentCaller() caller: Caller,
    @Param('user_id') userId: string,
    @Body() { role_id }: UpdateMemberDto,
  ): Promise<MemberView> {
    await this.changes.changeRole(caller, userId, role_id);
    return this.directory.read(caller.principal.orgId, userId);
  }

  @Delete('members/:user_id')
  @RequireRole('Admin')
  @AnswersNothing('Remove a member', { refusals: [409] })
  remove(@CurrentCaller() caller: Caller, @Param('user_id') userId: string): Promise<void> {
    return this.changes.remove(caller, userId);
  }

  @Get('roles')
  @RequireRole('Member')
  @AnswersPage(RoleView, 'List roles', { query: queries.dto })
  async roles(@CurrentPrincipal() { orgId }: Principal, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    sendJson(reply, await this.directory.roles(orgId, queries.judge(request)));
  }
}
