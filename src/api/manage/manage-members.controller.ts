import { Body, Controller, Delete, Get, Patch, Post } from '@nestjs/common';
import { CurrentPrincipal } from '../../access/decorators/current-principal.js';
import { RequireRole } from '../../access/decorators/require-role.js';
import type { Principal } from '../../access/principal/principal.js';
import { type Caller, CurrentCaller } from '../../kit/audit/actor.js';
import { ListQueries, type PageRequest } from '../../kit/lists/list-queries.js';
import { AddMemberDto, MemberView, UpdateMemberDto } from '../../tenancy/members/member.dto.js';
import { MemberChanges, type MemberEditor } from '../../tenancy/members/member-changes.service.js';
import { MemberDirectory } from '../../tenancy/members/member-directory.js';
import { RoleView } from '../../tenancy/orgs/role-view.dto.js';
import { Answers, AnswersNothing, AnswersPage } from '../../core/wire/answers.js';
import { Id } from '../../kit/crud/id.js';
import { ReadQuery } from '../../core/wire/query-reader.js';
import { Idempotent } from '../../kit/idempotency/idempotent.js';
import type { Wire } from '../../core/wire/wire-json.js';

const queries = new ListQueries({});

/** The members of the org and their roles. */
@Controller('manage/v1')
export class ManageMembersController {
  constructor(
    private readonly directory: MemberDirectory,
    private readonly changes: MemberChanges,
  ) {}

  @Get('members')
  @RequireRole('Member')
  @AnswersPage(MemberView, 'List members')
  list(@CurrentPrincipal() { orgId }: Principal, @ReadQuery(queries) page: PageRequest) {
    return this.directory.members(orgId, page);
  }

  @Post('members')
  @RequireRole('Admin')
  @Answers(201, MemberView, 'Add a member', { refusals: [404, 409] })
  @Idempotent()
  async add(@CurrentCaller() caller: Caller, @Body() dto: AddMemberDto): Promise<Wire<MemberView>> {
    return this.directory.read(caller.principal.orgId, await this.changes.add(editor(caller), dto));
  }

  @Patch('members/:user_id')
  @RequireRole('Admin')
  @Answers(200, MemberView, "Change a member's role", { refusals: [409] })
  async update(
    @CurrentCaller() caller: Caller,
    @Id('user_id') userId: string,
    @Body() { role_id }: UpdateMemberDto,
  ): Promise<Wire<MemberView>> {
    await this.changes.changeRole(editor(caller), userId, role_id);
    return this.directory.read(caller.principal.orgId, userId);
  }

  @Delete('members/:user_id')
  @RequireRole('Admin')
  @AnswersNothing('Remove a member', { refusals: [409] })
  remove(@CurrentCaller() caller: Caller, @Id('user_id') userId: string): Promise<void> {
    return this.changes.remove(editor(caller), userId);
  }

  @Get('roles')
  @RequireRole('Member')
  @AnswersPage(RoleView, 'List roles')
  roles(@CurrentPrincipal() { orgId }: Principal, @ReadQuery(queries) page: PageRequest) {
    return this.directory.roles(orgId, page);
  }
}

function editor({ principal: { orgId, userId }, actor }: Caller): MemberEditor {
  return { actor, orgId, userId };
}
