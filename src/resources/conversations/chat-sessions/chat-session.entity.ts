import { Column, Entity, ForeignKey, Index } from 'typeorm';
import { OrgRow, TIMESTAMP } from '../../../core/database/base.entity.js';
import { Member } from '../../../tenancy/members/member.entity.js';
import { Org } from '../../../tenancy/orgs/org.entity.js';
import { About, Field } from '../../../core/wire/field.js';
import { nullable, oneOf } from '../../../core/wire/schema.js';
import { Contact } from '../../directory/contacts/contact.entity.js';
import { Team } from '../../directory/teams/team.entity.js';
import { TicketingSystem } from './chat-session-parts.js';
import type { Channel } from './channels.js';
import { SESSION_DATA, type SessionData } from './session-data.js';

export const STATUSES = ['open', 'closed_resolved', 'closed_unresolved'] as const;
export type ChatSessionStatus = (typeof STATUSES)[number];
export const SENTIMENTS = ['angry', 'neutral', 'happy'] as const;
/** Of S0. */
export const AI_CLOSURE_TYPES = ['resolved', 'assumed_resolved', 'handed_off'] as const;
export type AiClosureType = (typeof AI_CLOSURE_TYPES)[number];
export type Sentiment = (typeof SENTIMENTS)[number];

/** A conversation. Every change locks its row, which serializes changes. */
@Entity('chat_sessions')
@Index('chat_sessions_org_ticket_number', ['org_id', 'ticket_number'], { unique: true })
@Index('chat_sessions_org_status', ['org_id', 'status', 'id'])
@Index('chat_sessions_org_channel', ['org_id', 'channel_type', 'id'])
@Index('chat_sessions_org_handed_off', ['org_id', 'is_handed_off', 'id'])
@Index('chat_sessions_org_created_at', ['org_id', 'created_at'])
@Index('chat_sessions_org_updated_at', ['org_id', 'updated_at'])
@Index('chat_sessions_org_closed_at', ['org_id', 'closed_at'], { where: 'closed_at IS NOT NULL' })
@Index('chat_sessions_contact', ['org_id', 'contact_id', 'id'])
@Index('chat_sessions_team', ['org_id', 'team_id', 'id'])
@Index('chat_sessions_assignee', ['org_id', 'assignee_id', 'id'])
@ForeignKey(() => Contact, ['org_id', 'contact_id'], ['org_id', 'id'], {
  name: 'chat_sessions_contact_fk',
  onDelete: 'SET NULL',
})
@ForeignKey(() => Team, ['org_id', 'team_id'], ['org_id', 'id'], {
  name: 'chat_sessions_team_fk',
  onDelete: 'SET NULL',
})
@ForeignKey(() => Member, ['org_id', 'assignee_id'], ['org_id', 'user_id'], {
  name: 'chat_sessions_assignee_fk',
  onDelete: 'SET NULL',
})
export class ChatSession extends OrgRow {
  @ForeignKey(() => Org, { name: 'chat_sessions_org_fk' })
  override org_id: string;

  /** Counts up within the org. */
  @Column('integer')
  ticket_number: number;

  @Column('text', { default: 'open' })
  @Field(oneOf(STATUSES))
  status: ChatSessionStatus;

  @Column('text', { select: false })
  channel_type: Channel;

  /** The org's address on the channel, which replies come from: an e-mail address, or the id of a WhatsApp number. */
  @Column('text', { select: false, nullable: true })
  channel_address: string | null;

  /** Of the contact's mail. */
  @Column('text', { select: false, nullable: true })
  channel_subject: string | null;

  /** Whether what the contact says of themselves is taken for true. */
  @Column('boolean', { select: false, default: false })
  is_verified: boolean;

  /** People own the session, and the AI does not answer. */
  @Column('boolean', { select: false, default: false })
  is_handed_off: boolean;

  /** Since when the contact waits for a person; null: no person has to answer. */
  @Column({ ...TIMESTAMP, nullable: true, select: false })
  reply_due_since: Date | null;

  @About(
    'How the AI ended its part: the contact confirmed that the issue is resolved, the session was closed as resolved after ' +
      'answers of the AI only, or the AI handed it off. Null: none of these, as always without a language model.',
  )
  @Column('text', { nullable: true })
  @Field(nullable(oneOf(AI_CLOSURE_TYPES)))
  ai_closure_type: AiClosureType | null;

  @About("The contact's, by the language model. Null without one.")
  @Column('text', { nullable: true })
  @Field(nullable(oneOf(SENTIMENTS)))
  sentiment: Sentiment | null;

  @About("Whether the AI drafts answers for the people who own the session, as of the contact's last message.")
  @Column('boolean', { default: false })
  assist_mode: boolean;

  @About("The contact's, as a language tag, by the language model. Null without one.")
  @Column('text', { nullable: true })
  language: string | null;

  @Column('uuid', { nullable: true })
  assignee_id: string | null;

  @Column('uuid', { select: false, nullable: true })
  contact_id: string | null;

  @Column('uuid', { select: false, nullable: true })
  team_id: string | null;

  @About('Where else the conversation is kept.', { storedOnly: 'Programs that copy sessions to it set and read it.' })
  @Column('jsonb', { nullable: true })
  @Field(nullable(TicketingSystem))
  ticketing_system: TicketingSystem | null;

  @Column('jsonb', { default: {} })
  @Field(SESSION_DATA)
  custom_data: SessionData;

  @Column({ ...TIMESTAMP, nullable: true })
  closed_at: Date | null;
}
