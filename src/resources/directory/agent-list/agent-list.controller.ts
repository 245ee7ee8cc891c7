import { Body, Controller, Delete, Param, Patch, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RequireScope } from '../../../access/decorators/require-scope.js';
import { CreateAgentDto, UpdateAgentDto } from '../../../tenancy/agents/agent.dto.js';
import { kit } from '../../../tenancy/agents/agents.definition.js';
import { Agents } from '../../../tenancy/agents/agents.service.js';
import { type Caller, CurrentCaller } from '../../../kit/audit/actor.js';
import { sendJson } from '../../../kit/crud/send-json.js';
import { Answers, AnswersNothing } from '../../../core/wire/answers.js';

@Controller('agents')
export class AgentsController extends kit.Controller {
  constructor(override readonly service: Agents) {
    super(service);
  }

  @Post()
  @RequireScope('agents', 'write')
  @Answers(201, kit.Row, 'Create an agent', { refusals: [404], once: true })
  async create(
    @CurrentCaller() caller: Caller,
    @Body() agent: CreateAgentDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    sendJson(reply, await this.idempotency.once(request, () => this.service.add(caller, agent)));
  }

  @Patch(':id')
  @RequireScope('agents', 'write')
  @Answers(200, kit.Row, 'Change an agent')
  async update(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Body() agent: UpdateAgentDto,
    @Res() reply: FastifyReply,
  ) {
    sendJson(reply, await this.service.change(caller, id, agent));
  }

  @Delete(':id')
  @RequireScope('agents', 'write')
  @AnswersNothing('Delete an agent', { description: 'The keys that are bound to it are revoked.' })
  delete(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<void> {
    return this.service.remove(caller, id);
  }
}
