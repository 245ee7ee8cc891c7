import { ArrayMaxSize, IsArray, IsBoolean, IsIn } from 'class-validator';
import { Check, Column, Entity, ForeignKey, Index } from 'typeorm';
import { OrgRow, TIMESTAMP } from '../../../core/database/base.entity.js';
import { Org } from '../../../tenancy/orgs/org.entity.js';
import { ArrayUnique } from '../../../core/validation/array-unique.js';
import { IsInstant, Text } from '../../../core/validation/decorators.js';
import { Name } from '../../../core/validation/name.js';
import { IsJsonObject } from '../../../core/validation/field-types.js';
import { isInYearsSql } from '../../../core/validation/instant.js';
import { MaxLength, MinLength } from '../../../core/validation/text-length.js';
import { About, Field } from '../../../core/wire/field.js';
import { listOf, mapOf, oneOf } from '../../../core/wire/schema.js';
import { CHANNELS, type Channel } from '../chat-sessions/channels.js';

export const TRAINING_TYPES = ['BEHAVIORAL', 'SCENARIO_SPECIFIC'] as const;
const METADATA_BYTES_MAX = 16 * 1024;

/** Knowledge or a behavior of the AI. */
@Entity('training')
@Check('training_times', 'end_time > start_time')
@Index('training_org_type', ['org_id', 'type', 'id'])
@Index('training_org_is_draft', ['org_id', 'is_draft', 'id'])
@Index('training_metadata', ['metadata'], { type: 'gin' })
@Index('training_words', ['words'], { type: 'gin' })
@Check('training_years', `${isInYearsSql('start_time')} AND ${isInYearsSql('end_time')}`)
export class Training extends OrgRow {
  @ForeignKey(() => Org, { name: 'training_org_fk' })
  override org_id: string;

  @Column('text')
  @Name(300, 3)
  title: string;

  @Column('text')
  @Text(10, 20_000)
  content: string;

  @About('Behavior for every answer, or knowledge for questions about it.')
  @Column('text', { default: 'SCENARIO_SPECIFIC' })
  @IsIn(TRAINING_TYPES)
  @Field(oneOf(TRAINING_TYPES))
  type: (typeof TRAINING_TYPES)[number];

  @About('The AI does not use a draft.')
  @Column('boolean', { default: false })
  @IsBoolean()
  is_draft: boolean;

  @About('Channels where it applies; empty: all.')
  @Column('text', { array: true, default: () => "'{}'" })
  @IsIn(CHANNELS, { each: true })
  @ArrayUnique()
  @ArrayMaxSize(CHANNELS.length)
  @IsArray()
  @Field(listOf(oneOf(CHANNELS)))
  restricted_to_channels: Channel[];

  @About(
    'Segments of contacts that it applies to; empty: all contacts. The segments of a contact are its custom data `segments`, ' +
      'separated by commas.',
  )
  @Column('text', { array: true, default: () => "'{}'" })
  @MaxLength(100, { each: true })
  @MinLength(1, { each: true })
  @ArrayUnique()
  @ArrayMaxSize(50)
  @IsArray()
  restricted_to_segments: string[];

  @Column('jsonb', { default: {} })
  @IsJsonObject(METADATA_BYTES_MAX)
  @Field(mapOf({}))
  metadata: object;

  @About('When it was published; null while it is a draft.')
  @Column({ ...TIMESTAMP, nullable: true })
  published_at: Date | null;

  @About('Start of the period in which it applies.')
  @Column({ ...TIMESTAMP, nullable: true })
  @IsInstant()
  start_time: Date | null;

  @About('End of the period in which it applies.')
  @Column({ ...TIMESTAMP, nullable: true })
  @IsInstant()
  end_time: Date | null;

  /** Of title and content. A trigger keeps it current. */
  @Column('tsvector', { select: false })
  words: string;
}
