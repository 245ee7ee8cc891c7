import { Column, CreateDateColumn, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { TIMESTAMP } from '../../../core/database/base.entity.js';
import { Field } from '../../../core/wire/field.js';
import { oneOf } from '../../../core/wire/schema.js';
import { ChatSession } from '../chat-sessions/chat-session.entity.js';
import { RedactionActor } from './redaction.dto.js';

export const REDACTION_TYPES = ['message', 'session'] as const;
export type RedactionType = (typeof REDACTION_TYPES)[number];

/** Log entry of a redaction, without the redacted text. */
@Entity('redactions')
@Index('redactions_org_session', ['org_id', 'session_id', 'id'])
@Index('redactions_org_created_at', ['org_id', 'created_at'])
@ForeignKey(() => ChatSession, ['org_id', 'session_id'], ['org_id', 'id'], {
  name: 'redactions_session_fk',
  onDelete: 'CASCADE',
})
export class Redaction {
  @PrimaryColumn('uuid', { select: false })
  org_id: string;

  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { select: false })
  session_id: string;

  @Column('text')
  @Field(oneOf(REDACTION_TYPES))
  redaction_type: RedactionType;

  /** Id of the message or the session. */
  @Column('uuid')
  item_id: string;

  @Column('text', { nullable: true })
  reason: string | null;

  @Column('jsonb')
  @Field(RedactionActor)
  actor: RedactionActor;

  @Column('integer')
  affected_count: number;

  @CreateDateColumn(TIMESTAMP)
  created_at: Date;
}
