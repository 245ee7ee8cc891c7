import { Check, Column, CreateDateColumn, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { ApiKey, KEY_TYPES, type KeyType } from '../../tenancy/api-keys/api-key.entity.js';
import { TIMESTAMP } from '../../core/database/base.entity.js';
import { Org } from '../../tenancy/orgs/org.entity.js';
import { isInYearsSql } from '../../core/validation/instant.js';
import { Field } from '../../core/wire/field.js';
import { ANY_OBJECT, nullable, oneOf } from '../../core/wire/schema.js';

export type EventType = Exclude<KeyType, 'standard'>;
export const EVENT_TYPES: readonly EventType[] = KEY_TYPES.filter((type) => type !== 'standard');

/** An event posted with a typed key [S4]. */
@Entity('events')
@Index('events_org_type', ['org_id', 'type', 'id'])
@Index('events_org_event', ['org_id', 'event', 'id'])
@Index('events_org_occurred_at', ['org_id', 'occurred_at'])
@Index('events_created_at', ['created_at'])
@Check('events_years', isInYearsSql('occurred_at'))
export class TypedEvent {
  @PrimaryColumn('uuid', { select: false })
  @ForeignKey(() => Org, { name: 'events_org_fk' })
  org_id: string;

  @PrimaryColumn('uuid')
  id: string;

  /** Copied from the key. */
  @Column('text')
  @Field(oneOf(EVENT_TYPES))
  type: EventType;

  @Column('text')
  event: string;

  /** An id of the sending system. */
  @Column('text', { nullable: true })
  agent_id: string | null;

  @Column('text', { nullable: true })
  crm_id: string | null;

  @Column('jsonb', { nullable: true })
  @Field(nullable(ANY_OBJECT))
  data: object | null;

  @Column('uuid')
  @ForeignKey(() => ApiKey, { name: 'events_key_fk' })
  api_key_id: string;

  /** Default: the time of arrival. */
  @Column(TIMESTAMP)
  occurred_at: Date;

  @CreateDateColumn(TIMESTAMP)
  created_at: Date;
}
