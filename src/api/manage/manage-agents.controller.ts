import { Body, Controller, Delete, Get, Param, Patch, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RequireRole } from '../../access/decorators/require-role.js';
import { principalOf } from '../../access/principal/request.js';
import { CreateAgentDto, UpdateAgentDto } from '../../tenancy/agents/agent.dto.js';
import { AGENT_FILTERS, kit } from '../../tenancy/agents/agents.definition.js';
import { Agents } from '../../tenancy/agents/agents.service.js';
import { type Caller, CurrentCaller } from '../../kit/audit/actor.js';
import { Idempotency } from '../../kit/idempotency/idempotency.js';
import { ListQueries } from '../../kit/lists/list-queries.js';
import { sendJson } from '../../kit/crud/send-json.js';
import { Answers, AnswersNothing, AnswersPage } from '../../core/wire/answers.js';

const queries = new ListQueries(AGENT_FILTERS);

/** The org's agents: the rows of `/agents`, for people. */
@Controller('manage/v1/agents')
export class ManageAgentsController {
  constructor(
    private readonly agents: Agents,
    private readonly idempotency: Idempotency,
  ) {}

  @Get()
  @RequireRole('Member')
  @AnswersPage(kit.Row, 'List agents', { query: queries.dto })
  async list(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    sendJson(reply, await this.agents.list(principalOf(request), queries.judge(request)));
  }

  @Post()
  @RequireRole('Admin')
  @Answers(201, kit.Row, 'Create an agent', { refusals: [404], once: true })
  async create(
    @CurrentCaller() caller: Caller,
    @Body() agent: CreateAgentDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    sendJson(reply, await this.idempotency.once(request, () => this.agents.add(caller, agent)));
  }

  @Patch(':id')
  @RequireRole('Admin')
  @Answers(200, kit.Row, 'Change an agent')
  async update(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Body() agent: UpdateAgentDto,
    @Res() reply: FastifyReply,
  ) {
    sendJson(reply, await this.agents.change(caller, id, agent));
  }

  @Delete(':id')
  @RequireRole('Admin')
  @AnswersNothing('Delete an agent', { description: 'The keys that are bound to it are revoked.' })
  delete(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<void> {
    return this.agents.remove(caller, id);
  }
}
