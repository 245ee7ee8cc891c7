import { IsIn, IsInt, IsObject, Max, Min } from 'class-validator';
import { AuditParty } from '../../../kit/audit/audit.dto.js';
import { check, Nested, Nullable, Optional, Text } from '../../../core/validation/decorators.js';
import { Name } from '../../../core/validation/name.js';
import { Field } from '../../../core/wire/field.js';
import { ANY_OBJECT, BOOLEAN, INTEGER, listOf, nullable, oneOf, TEXT, URI, UUID } from '../../../core/wire/schema.js';
import { type Block, BLOCKS } from './block.js';
import { TRIGGER_TYPES, type TriggerType } from './triggers.js';

const ACCESS = ['public', 'private'] as const;
const VERSION_MAX = 2 ** 31 - 1;

/** Access to a webhook: `public`, or `private` to keys with `workflows:trigger`. */
export class TriggerConfiguration {
  @Optional()
  @IsIn(ACCESS)
  access_control?: (typeof ACCESS)[number];
}

export class CreateWorkflowDto {
  @Name(200)
  name: string;

  @Optional()
  @Nullable()
  @Text(0, 2_000)
  description: string | null = null;

  @IsIn(TRIGGER_TYPES)
  trigger_type: TriggerType;

  @Optional()
  @Nullable()
  @Nested(() => TriggerConfiguration)
  @IsObject()
  trigger_configuration?: TriggerConfiguration | null;

  @AreBlocks()
  workflow_blocks: Block[];
}

export class UpdateWorkflowDto {
  @Optional()
  @Name(200)
  name?: string;

  @Optional()
  @Nullable()
  @Text(0, 2_000)
  description?: string | null;

  @Optional()
  @IsIn(TRIGGER_TYPES)
  trigger_type?: TriggerType;

  @Optional()
  @Nullable()
  @Nested(() => TriggerConfiguration)
  @IsObject()
  trigger_configuration?: TriggerConfiguration | null;

  @Optional()
  @AreBlocks()
  workflow_blocks?: Block[];
}

export class SetWorkflowVersionDto {
  /** Defaults to the latest version; for deactivation, to the active one. */
  @Optional()
  @Max(VERSION_MAX)
  @Min(1)
  @IsInt()
  version_number?: number;
}

/** One version of a workflow. */
export class Workflow {
  @Field({ ...INTEGER, description: 'Of the version; rises within the org.' })
  id: number;

  @Field(UUID)
  workflow_id: string;

  @Field()
  name: string;

  @Field(nullable(TEXT))
  description: string | null;

  @Field({ ...BOOLEAN, description: 'Whether this version is the one that runs.' })
  is_active: boolean;

  @Field({ ...nullable(INTEGER), description: 'The version that runs; null when none does.' })
  active_version_number: number | null;

  @Field(oneOf(TRIGGER_TYPES))
  trigger_type: TriggerType;

  @Field(INTEGER)
  version_number: number;

  @Field(listOf(ANY_OBJECT))
  workflow_blocks: Block[];

  @Field(nullable({ type: 'object', properties: { access_control: oneOf(ACCESS) } }))
  trigger_configuration: TriggerConfiguration | null;

  @Field({ ...nullable(URI), description: 'Of a webhook, where it is called: the same for all versions.' })
  webhook_url: string | null;

  @Field({
    ...nullable(AuditParty),
    description:
      'The principal that last activated this version. Null when it was never activated, or before this was recorded.',
  })
  activated_by: AuditParty | null;

  @Field()
  created_at: Date;

  @Field()
  updated_at: Date;
}

/** Checks the list only. `validateBlocks` checks each block. */
function AreBlocks(): PropertyDecorator {
  const isList = (value: unknown) =>
    Array.isArray(value) && value.every((block) => typeof block === 'object' && !Array.isArray(block));
  return check('blocks', isList, 'must be a list of blocks', { schema: BLOCKS });
}
