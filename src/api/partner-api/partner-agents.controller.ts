import { Body, Controller, Get, Post, UseGuards } from '@nestjs/common';
import { ForAudience } from '../../access/decorators/for-audience.js';
import { Answers, AnswersPage } from '../../core/wire/answers.js';
import { ReadQuery } from '../../core/wire/query-reader.js';
import { type Caller, CurrentCaller } from '../../kit/audit/actor.js';
import { Id } from '../../kit/crud/id.js';
import { Idempotent } from '../../kit/idempotency/idempotent.js';
import { ListQueries, type PageRequest } from '../../kit/lists/list-queries.js';
import { CreateAgentDto } from '../../tenancy/agents/agent.dto.js';
import { AGENT_FILTERS, kit } from '../../tenancy/agents/agents.definition.js';
import { Agents } from '../../tenancy/agents/agents.service.js';
import { OrgOwnershipGuard } from '../../tenancy/orgs/org-ownership.guard.js';

const queries = new ListQueries(AGENT_FILTERS);

/** The agents of a partner's org, which its keys with a secret belong to. */
@Controller('partner/v1/orgs/:orgId/agents')
@UseGuards(OrgOwnershipGuard)
export class PartnerAgentsController {
  constructor(private readonly agents: Agents) {}

  @Get()
  @ForAudience('partner')
  @AnswersPage(kit.Row, 'List the agents of an org')
  list(@Id('orgId') orgId: string, @ReadQuery(queries) page: PageRequest) {
    return this.agents.list({ orgId }, page);
  }

  @Post()
  @ForAudience('partner')
  @Answers(201, kit.Row, 'Create an agent of an org', { refusals: [404] })
  @Idempotent()
  create(@CurrentCaller() { actor }: Caller, @Id('orgId') orgId: string, @Body() agent: CreateAgentDto) {
    return this.agents.add({ actor, principal: { orgId } }, agent);
  }
}
