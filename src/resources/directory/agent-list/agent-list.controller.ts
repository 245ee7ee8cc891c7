import { Body, Controller, Delete, Patch, Post } from '@nestjs/common';
import { RequireScope } from '../../../access/decorators/require-scope.js';
import { CreateAgentDto, UpdateAgentDto } from '../../../tenancy/agents/agent.dto.js';
import { kit } from '../../../tenancy/agents/agents.definition.js';
import { Agents } from '../../../tenancy/agents/agents.service.js';
import { type Caller, CurrentCaller } from '../../../kit/audit/actor.js';
import { Answers, AnswersNothing } from '../../../core/wire/answers.js';
import { Id } from '../../../kit/crud/id.js';
import { Idempotent } from '../../../kit/idempotency/idempotent.js';

@Controller('agents')
export class AgentsController extends kit.Controller {
  constructor(override readonly service: Agents) {
    super(service);
  }

  @Post()
  @RequireScope('agents', 'write')
  @Answers(201, kit.Row, 'Create an agent', { refusals: [404] })
  @Idempotent()
  create(@CurrentCaller() caller: Caller, @Body() agent: CreateAgentDto) {
    return this.service.add(caller, agent);
  }

  @Patch(':id')
  @RequireScope('agents', 'write')
  @Answers(200, kit.Row, 'Change an agent')
  update(@CurrentCaller() caller: Caller, @Id() id: string, @Body() agent: UpdateAgentDto) {
    return this.service.change(caller, id, agent);
  }

  @Delete(':id')
  @RequireScope('agents', 'write')
  @AnswersNothing('Delete an agent', { description: 'The keys that are bound to it are revoked.' })
  delete(@CurrentCaller() caller: Caller, @Id() id: string): Promise<void> {
    return this.service.remove(caller, id);
  }
}
