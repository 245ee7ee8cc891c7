import { Body, Controller, Delete, Get, Patch, Post } from '@nestjs/common';
import { RequireRole } from '../../access/decorators/require-role.js';
import { CreateAgentDto, UpdateAgentDto } from '../../tenancy/agents/agent.dto.js';
import { AGENT_FILTERS, kit } from '../../tenancy/agents/agents.definition.js';
import { Agents } from '../../tenancy/agents/agents.service.js';
import { type Caller, CurrentCaller } from '../../kit/audit/actor.js';
import { ListQueries, type PageRequest } from '../../kit/lists/list-queries.js';
import { Answers, AnswersNothing, AnswersPage } from '../../core/wire/answers.js';
import { Id } from '../../kit/crud/id.js';
import { ReadQuery } from '../../core/wire/query-reader.js';
import { Idempotent } from '../../kit/idempotency/idempotent.js';
import { CurrentPrincipal } from '../../access/decorators/current-principal.js';
import type { Principal } from '../../access/principal/principal.js';

const queries = new ListQueries(AGENT_FILTERS);

/** The org's agents, as in `/agents`, for sessions. */
@Controller('manage/v1/agents')
export class ManageAgentsController {
  constructor(private readonly agents: Agents) {}

  @Get()
  @RequireRole('Member')
  @AnswersPage(kit.Row, 'List agents')
  list(@CurrentPrincipal() principal: Principal, @ReadQuery(queries) page: PageRequest) {
    return this.agents.list(principal, page);
  }

  @Post()
  @RequireRole('Admin')
  @Answers(201, kit.Row, 'Create an agent', { refusals: [404] })
  @Idempotent()
  create(@CurrentCaller() caller: Caller, @Body() agent: CreateAgentDto) {
    return this.agents.add(caller, agent);
  }

  @Patch(':id')
  @RequireRole('Admin')
  @Answers(200, kit.Row, 'Change an agent')
  update(@CurrentCaller() caller: Caller, @Id() id: string, @Body() agent: UpdateAgentDto) {
    return this.agents.change(caller, id, agent);
  }

  @Delete(':id')
  @RequireRole('Admin')
  @AnswersNothing('Delete an agent', { description: 'The keys that are bound to it are revoked.' })
  delete(@CurrentCaller() caller: Caller, @Id() id: string): Promise<void> {
    return this.agents.remove(caller, id);
  }
}
