import { Check, Column, Entity, ForeignKey, Index } from 'typeorm';
import { Agent } from '../../../tenancy/agents/agent.entity.js';
import { OrgRow, TIMESTAMP } from '../../../core/database/base.entity.js';
import { Org } from '../../../tenancy/orgs/org.entity.js';
import { isInYearsSql } from '../../../core/validation/instant.js';
import { About, Field } from '../../../core/wire/field.js';
import { listOf, nullable, oneOf, TEXT } from '../../../core/wire/schema.js';

export const CALL_DIRECTIONS = ['inbound', 'outbound'] as const;
export type CallDirection = (typeof CALL_DIRECTIONS)[number];
export const CALL_STATUSES = ['answered', 'missed', 'voicemail', 'failed'] as const;
export type CallStatus = (typeof CALL_STATUSES)[number];
export const SPEAKERS = ['agent', 'caller'] as const;

/** One turn of a call. */
export class SpokenText {
  @Field(oneOf(SPEAKERS))
  role: (typeof SPEAKERS)[number];

  @Field()
  text: string;
}

/** A past call. Deleting its agent keeps it. */
@Entity('calls')
@Index('calls_agent', ['org_id', 'agent_id', 'id'])
@Index('calls_org_direction', ['org_id', 'direction', 'id'])
@Index('calls_org_status', ['org_id', 'status', 'id'])
@Index('calls_org_started_at', ['org_id', 'started_at'])
@ForeignKey(() => Agent, ['org_id', 'agent_id'], ['org_id', 'id'], { name: 'calls_agent_fk', onDelete: 'SET NULL' })
@Check('calls_years', isInYearsSql('started_at'))
export class Call extends OrgRow {
  @ForeignKey(() => Org, { name: 'calls_org_fk' })
  override org_id: string;

  /** Null: the agent was deleted. */
  @Column('uuid', { nullable: true })
  agent_id: string | null;

  @Column('text')
  @Field(oneOf(CALL_DIRECTIONS))
  direction: CallDirection;

  @Column('text')
  caller: string;

  @Column('text')
  @Field(oneOf(CALL_STATUSES))
  status: CallStatus;

  @Column('integer')
  duration_seconds: number;

  @About('Where the recording is.', { storedOnly: 'Only programs that use this API read it.' })
  @Column('text', { nullable: true })
  recording_url: string | null;

  @Column({ ...TIMESTAMP, default: () => 'now()' })
  started_at: Date;

  @Column('text', { select: false, nullable: true })
  summary: string | null;

  @Column('text', { select: false, array: true, default: () => "'{}'" })
  tags: string[];

  @Column('jsonb', { select: false })
  transcript: SpokenText[];
}

/** Includes the transcript, which lists omit because of its size. */
export class WholeCall extends Call {
  @Field(nullable(TEXT))
  override summary: string | null;

  @Field(listOf(TEXT))
  override tags: string[];

  @Field(listOf(SpokenText))
  override transcript: SpokenText[];
}
