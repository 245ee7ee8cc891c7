import { Column, CreateDateColumn, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { TIMESTAMP } from '../../../core/database/base.entity.js';
import { ChatSession } from './chat-session.entity.js';

export const CHAT_EVENT_TYPES = [
  'message',
  'handoff',
  'ai_resolved_issue',
  'human_agent_comment',
  'human_agent_joined',
  'human_agent_takeover',
  'tag_added_by_api',
  'tag_removed_by_api',
  'closed_resolved_by_api',
  'closed_unresolved_by_api',
  'csat_requested',
  'csat_submitted',
  'workflow_triggered',
] as const;
export type ChatEventType = (typeof CHAT_EVENT_TYPES)[number];

/** The sender of a message. */
export interface Sender {
  readonly type: 'contact' | 'agent' | 'autopilot';
  readonly id?: string | undefined;
  readonly name?: string | null | undefined;
  readonly avatar_url?: string | null | undefined;
}

/** An entry of a session's history: a message or an event. */
@Entity('chat_events')
@Index('chat_events_session', ['org_id', 'session_id', 'id'])
@Index('chat_events_org_messages', ['org_id', 'created_at'], { where: `type = 'message'` })
@ForeignKey(() => ChatSession, ['org_id', 'session_id'], ['org_id', 'id'], {
  name: 'chat_events_session_fk',
  onDelete: 'CASCADE',
})
export class ChatEvent {
  @PrimaryColumn('uuid', { select: false })
  org_id: string;

  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { select: false })
  session_id: string;

  @Column('text', { select: false })
  type: ChatEventType;

  @Column('jsonb', { select: false, nullable: true })
  sender: Sender | null;

  @Column('text', { select: false, nullable: true })
  text: string | null;

  /** Further data of the event. */
  @Column('jsonb', { select: false, nullable: true })
  context: object | null;

  @Column({ ...TIMESTAMP, select: false, nullable: true })
  redacted_at: Date | null;

  @CreateDateColumn(TIMESTAMP)
  created_at: Date;
}
