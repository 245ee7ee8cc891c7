import { IsIn } from 'class-validator';
import { Id, Nullable, Optional, Text } from '../../core/validation/decorators.js';
import { Name } from '../../core/validation/name.js';
import { About } from '../../core/wire/field.js';
import { AGENT_FIELDS, AGENT_STATUSES, type Agent } from './agent.entity.js';

abstract class AgentSettings {
  @About(...AGENT_FIELDS.voice_id)
  @Optional()
  @Nullable()
  @Text(1, 100)
  voice_id?: string | null;

  @About(...AGENT_FIELDS.greeting)
  @Optional()
  @Nullable()
  @Text(0, 500)
  greeting?: string | null;

  @About(...AGENT_FIELDS.prompt)
  @Optional()
  @Nullable()
  @Text(0, 20_000)
  prompt?: string | null;

  @About(...AGENT_FIELDS.knowledge_base_id)
  @Optional()
  @Nullable()
  @Id()
  knowledge_base_id?: string | null;
}

export class CreateAgentDto extends AgentSettings {
  @Name(100)
  name: string;
}

/** An omitted field stays; null clears it. */
export class UpdateAgentDto extends AgentSettings {
  @Optional()
  @Name(100)
  name?: string;

  @About(...AGENT_FIELDS.status)
  @Optional()
  @IsIn(AGENT_STATUSES)
  status?: Agent['status'];
}
