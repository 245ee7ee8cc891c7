import { Column, CreateDateColumn, Entity, ForeignKey, Index, PrimaryColumn, UpdateDateColumn } from 'typeorm';
import { TIMESTAMP } from '../../../core/database/base.entity.js';
import { Field } from '../../../core/wire/field.js';
import { oneOf } from '../../../core/wire/schema.js';
import { ChatSession } from '../chat-sessions/chat-session.entity.js';
import { CHANNELS, type Channel } from '../chat-sessions/channels.js';

/** A contact's satisfaction with a session. */
@Entity('csat_scores')
@Index('csat_scores_org_session', ['org_id', 'session_id'], { unique: true })
@Index('csat_scores_org_created_at', ['org_id', 'created_at'])
@ForeignKey(() => ChatSession, ['org_id', 'session_id'], ['org_id', 'id'], {
  name: 'csat_scores_session_fk',
  onDelete: 'CASCADE',
})
export class CsatScore {
  @PrimaryColumn('uuid')
  id: string;

  @PrimaryColumn('uuid')
  org_id: string;

  @Column('uuid')
  session_id: string;

  /** 1 to 5. */
  @Column('integer')
  score: number;

  @Column('text', { nullable: true })
  comment: string | null;

  /** Channel of the session. */
  @Column('text')
  @Field(oneOf(CHANNELS))
  channel: Channel;

  @CreateDateColumn(TIMESTAMP)
  created_at: Date;

  @UpdateDateColumn(TIMESTAMP)
  updated_at: Date;
}
