import { ArrayMaxSize, IsArray, IsBoolean, IsIn, IsObject } from 'class-validator';
import { Column, Entity, ForeignKey, Index } from 'typeorm';
import { OrgRow } from '../../../core/database/base.entity.js';
import { Org } from '../../../tenancy/orgs/org.entity.js';
import { ArrayUnique } from '../../../core/validation/array-unique.js';
import { Id, Nested, Text } from '../../../core/validation/decorators.js';
import { Name } from '../../../core/validation/name.js';
import { About, Field } from '../../../core/wire/field.js';
import { listOf, oneOf, TEXT } from '../../../core/wire/schema.js';
import { CHANNELS } from '../../conversations/chat-sessions/channels.js';
import { ActionCredential } from '../action-credentials/action-credential.entity.js';
import { ActionChannels, AreTags, IsEndpoint } from './action.dto.js';
import {
  ActionPayload,
  ENDPOINT_CHARACTERS_MAX,
  IsPayloadSized,
  PAYLOAD,
  REQUEST_TYPES,
  type RequestType,
} from './action-payload.js';

/** The server calls an action only for a workflow. */
const FOR_OTHER_CALLERS = { storedOnly: 'Only programs that offer actions to people or to an AI use it.' } as const;

/** An API call that workflows can make. */
@Entity('actions')
@ForeignKey(() => ActionCredential, ['org_id', 'credential_id'], ['org_id', 'id'], { name: 'actions_credential_fk' })
@Index('actions_credential', ['org_id', 'credential_id'])
@Index('actions_org_operation_id', ['org_id', 'operation_id'], { unique: true, where: 'operation_id IS NOT NULL' })
export class Action extends OrgRow {
  @ForeignKey(() => Org, { name: 'actions_org_fk' })
  override org_id: string;

  @Column('text')
  @Name(100)
  name: string;

  @Column('text', { nullable: true })
  @Text(0, 1_000)
  description: string | null;

  @About('Where it is called: `https://api.example.com/orders/{order_id}`, its placeholders parameters of the payload.')
  @Column('text')
  @IsEndpoint()
  @Text(1, ENDPOINT_CHARACTERS_MAX)
  api_endpoint: string;

  @Column('text')
  @IsIn(REQUEST_TYPES)
  request_type: RequestType;

  @About('Unique within the org.')
  @Column('text', { nullable: true })
  @Text(1, 100)
  operation_id: string | null;

  @About('An OpenAPI 3.1 operation without references: its parameters say where each value is put.')
  @Column('jsonb')
  @IsPayloadSized()
  @Nested(() => ActionPayload)
  @IsObject()
  @Field(PAYLOAD)
  payload: ActionPayload;

  @About('The action credential that is sent. It must be for the origin of `api_endpoint`.')
  @Column('uuid', { nullable: true })
  @Id()
  credential_id: string | null;

  @About('Always `live`: workflows can call every action.')
  @Column('text', { default: 'live' })
  @Field(oneOf(['live']))
  status: 'live';

  @About('Whether it is offered first.', FOR_OTHER_CALLERS)
  @Column('boolean', { default: false })
  @IsBoolean()
  pinned: boolean;

  @Column('jsonb', { default: [] })
  @AreTags()
  @ArrayUnique()
  @ArrayMaxSize(20)
  @IsArray()
  @Field(listOf(TEXT))
  tags: string[];

  @About('Channels on which it is offered.', FOR_OTHER_CALLERS)
  @Column('jsonb', { default: { channels: [] } })
  @Nested(() => ActionChannels)
  @IsObject()
  @Field({ type: 'object', required: ['channels'], properties: { channels: listOf(oneOf(CHANNELS)) } })
  enabled_on_channel: ActionChannels;

  @About('Always false: no action hands a session off.', FOR_OTHER_CALLERS)
  @Column('boolean', { default: false })
  is_handoff_like: boolean;

  @About('Whether a person fills in its parameters.', FOR_OTHER_CALLERS)
  @Column('boolean', { default: false })
  @IsBoolean()
  require_form_submission: boolean;

  /** Created by an import. The next import replaces or deletes it. */
  @Column('boolean', { select: false, default: false })
  is_imported: boolean;
}
