import { ArrayMaxSize, IsArray, IsBoolean, IsIn, IsNumber, IsObject, IsUrl, Max, Min } from 'class-validator';
import { Column, Entity, ForeignKey } from 'typeorm';
import { OrgRow } from '../../../core/database/base.entity.js';
import { Org } from '../../../tenancy/orgs/org.entity.js';
import { ArrayUnique } from '../../../core/validation/array-unique.js';
import { Id, Nested, Optional, Text } from '../../../core/validation/decorators.js';
import { Name } from '../../../core/validation/name.js';
import { IsE164 } from '../../../core/validation/field-types.js';
import { MaxLength, MinLength } from '../../../core/validation/text-length.js';
import { About, Field } from '../../../core/wire/field.js';
import { nullable, oneOf } from '../../../core/wire/schema.js';
import { FOR_TELEPHONY } from '../telephony.js';
import { HTTPS, IsLanguages, LANGUAGES, OwnModel, StoredOwnModel } from './phone-agent.dto.js';

const DIRECTIONS = ['inbound', 'outbound'] as const;
const ENTRIES_MAX = 50;

/** An AI agent on the phone. */
@Entity('phone_agents')
export class PhoneAgent extends OrgRow {
  @ForeignKey(() => Org, { name: 'phone_agents_org_fk' })
  override org_id: string;

  @Column('text')
  @Name(100)
  name: string;

  @About('Direction of its calls.', FOR_TELEPHONY)
  @Column('text', { default: 'inbound' })
  @IsIn(DIRECTIONS)
  @Field(oneOf(DIRECTIONS))
  type: (typeof DIRECTIONS)[number];

  @About('BCP 47, such as `pt-BR`, or a list of languages.', FOR_TELEPHONY)
  @Column('jsonb', { nullable: true })
  @IsLanguages()
  @Field(nullable(LANGUAGES))
  language: string | string[] | null;

  @About('Accent of its voice.', FOR_TELEPHONY)
  @Column('text', { nullable: true })
  @Text(1, 100)
  accent: string | null;

  @About('Voice of the telephony system.', FOR_TELEPHONY)
  @Column('text', { nullable: true })
  @Text(1, 100)
  voice_id: string | null;

  @About('What it says first.', FOR_TELEPHONY)
  @Column('text', { nullable: true })
  @Text(0, 1_000)
  first_message: string | null;

  @About('What it does on a call, one by one.', FOR_TELEPHONY)
  @Column('text', { array: true, default: () => "'{}'" })
  @MaxLength(2_000, { each: true })
  @MinLength(1, { each: true })
  @ArrayMaxSize(ENTRIES_MAX)
  @IsArray()
  instructions: string[];

  @About('Number of people who take over, in E.164 format.', FOR_TELEPHONY)
  @Column('text', { nullable: true })
  @IsE164()
  handoff_phone_number: string | null;

  @About('1 is normal speed.', FOR_TELEPHONY)
  @Column('double precision', { default: 1 })
  @Max(2)
  @Min(0.5)
  @IsNumber()
  speed: number;

  @About('Whether callers can interrupt.', FOR_TELEPHONY)
  @Column('boolean', { default: true })
  @IsBoolean()
  interruptible: boolean;

  /** Stored in a table of its own, so that an action in use can't be deleted. */
  @About('Actions of the org that the agent may call.', FOR_TELEPHONY)
  @Optional()
  @Id({ each: true })
  @ArrayUnique()
  @ArrayMaxSize(ENTRIES_MAX)
  @IsArray()
  action_ids: string[];

  @About('Names of the values that it asks callers for.', FOR_TELEPHONY)
  @Column('text', { array: true, default: () => "'{}'" })
  @MaxLength(100, { each: true })
  @MinLength(1, { each: true })
  @ArrayUnique()
  @ArrayMaxSize(ENTRIES_MAX)
  @IsArray()
  data_collection_fields: string[];

  @About('URL that gets the collected values. https only.', FOR_TELEPHONY)
  @Column('text', { nullable: true })
  @IsUrl(HTTPS)
  @Text(1, 2_048)
  data_collection_webhook_url: string | null;

  @About("Whether it answers from the org's knowledge.", FOR_TELEPHONY)
  @Column('boolean', { default: true })
  @IsBoolean()
  use_org_knowledgebase: boolean;

  @About('People answer instead of the AI.', FOR_TELEPHONY)
  @Column('boolean', { default: false })
  @IsBoolean()
  manual_mode: boolean;

  @About('A model instead of the own one of the telephony system.', FOR_TELEPHONY)
  @Column('jsonb', { nullable: true })
  @Nested(() => OwnModel)
  @IsObject()
  @Field(nullable(StoredOwnModel))
  custom_llm: OwnModel | null;

  @About('Number of the agent. Null until the telephony system has assigned one in the database.', FOR_TELEPHONY)
  @Column('text', { nullable: true })
  phone_number: string | null;
}
