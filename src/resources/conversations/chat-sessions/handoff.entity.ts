import { Column, CreateDateColumn, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { TIMESTAMP } from '../../../core/database/base.entity.js';
import type { HandoffReason } from './chat-session-parts.js';
import { ChatSession, type Sentiment } from './chat-session.entity.js';

/** A handoff of a session from the AI to people. */
@Entity('handoffs')
@Index('handoffs_org_session', ['org_id', 'session_id'])
@Index('handoffs_org_session_current', ['org_id', 'session_id'], { unique: true, where: 'ended_at IS NULL' })
@Index('handoffs_org_created_at', ['org_id', 'created_at'])
@ForeignKey(() => ChatSession, ['org_id', 'session_id'], ['org_id', 'id'], {
  name: 'handoffs_session_fk',
  onDelete: 'CASCADE',
})
export class Handoff {
  @PrimaryColumn('uuid')
  org_id: string;

  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid')
  session_id: string;

  /** Unique, in alphabetical order. */
  @Column('text', { array: true })
  reasons: HandoffReason[];

  @Column('text', { nullable: true })
  summary: string | null;

  @Column('text', { nullable: true })
  explanation: string | null;

  /** Of the session at the time of the handoff. */
  @Column('text', { nullable: true })
  sentiment: Sentiment | null;

  @CreateDateColumn(TIMESTAMP)
  created_at: Date;

  /** When the session reopened. */
  @Column({ ...TIMESTAMP, nullable: true })
  ended_at: Date | null;
}
