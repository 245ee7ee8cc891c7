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
import { HTTPS, IsLanguages, LANGUAGES, OwnModel, StoredOwnModel } from './phone-agent.dto.js';

const DIRECTIONS = ['inbound', 'outbound'] as const;
const ENTRIES_MAX = 50;

/** Who speaks on the phone, and how. */
@Entity('phone_agents')
export class PhoneAgent extends OrgRow {
  @ForeignKey(() => Org, { name: 'phone_agents_org_fk' })
  override org_id: string;

  @Column('text')
  @Name(100)
  name: string;

  @Column('text', { default: 'inbound' })
  @IsIn(DIRECTIONS)
  @Field(oneOf(DIRECTIONS))
  type: (typeof DIRECTIONS)[number];

  @About('BCP 47, such as `pt-BR`; or a list of those that it speaks.')
  @Column('jsonb', { nullable: true })
  @IsLanguages()
  @Field(nullable(LANGUAGES))
  language: string | string[] | null;

  @Column('text', { nullable: true })
  @Text(1, 100)
  accent: string | null;

  @Column('text', { nullable: true })
  @Text(1, 100)
  voice_id: string | null;

  @Column('text', { nullable: true })
  @Text(0, 1_000)
  first_message: string | null;

  @Column('text', { array: true, default: () => "'{}'" })
  @MaxLength(2_000, { each: true })
  @MinLength(1, { each: true })
  @ArrayMaxSize(ENTRIES_MAX)
  @IsArray()
  instructions: string[];

  @Column('text', { nullable: true })
  @IsE164()
  handoff_phone_number: string | null;

  @About('1 is as fast as people speak.')
  @Column('double precision', { default: 1 })
  @Max(2)
  @Min(0.5)
  @IsNumber()
  speed: number;

  @About('Whether callers can cut in.')
  @Column('boolean', { default: true })
  @IsBoolean()
  interruptible: boolean;

  /** No column, but a table of its own, so that they go with their actions. */
  @About('Actions of the org that it may take.')
  @Optional()
  @Id({ each: true })
  @ArrayUnique()
  @ArrayMaxSize(ENTRIES_MAX)
  @IsArray()
  action_ids: string[];

  @About('Names of what it asks callers for.')
  @Column('text', { array: true, default: () => "'{}'" })
  @MaxLength(100, { each: true })
  @MinLength(1, { each: true })
  @ArrayUnique()
  @ArrayMaxSize(ENTRIES_MAX)
  @IsArray()
  data_collection_fields: string[];

  @About('Where the telephony sends what was collected. https only.')
  @Column('text', { nullable: true })
  @IsUrl(HTTPS)
  @Text(1, 2_048)
  data_collection_webhook_url: string | null;

  @Column('boolean', { default: true })
  @IsBoolean()
  use_org_knowledgebase: boolean;

  @About('People speak, and the AI is silent.')
  @Column('boolean', { default: false })
  @IsBoolean()
  manual_mode: boolean;

  @About("Instead of the telephony's own model.")
  @Column('jsonb', { nullable: true })
  @Nested(() => OwnModel)
  @IsObject()
  @Field(nullable(StoredOwnModel))
  custom_llm: OwnModel | null;

  @About('The number that it answers or calls from, once the telephony has given it one.')
  @Column('text', { nullable: true })
  phone_number: string | null;
}
