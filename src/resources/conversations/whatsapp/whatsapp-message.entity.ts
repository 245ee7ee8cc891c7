import { Column, Entity, ForeignKey, Index } from 'typeorm';
import { OrgRow, TIMESTAMP } from '../../../core/database/base.entity.js';
import { ChatEvent } from '../chat-sessions/chat-event.entity.js';
import type { TemplateMessage } from '../../../kit/outbound/whatsapp-cloud.js';

/** `outbox`: WhatsApp isn't configured, so it stays for the operator to read, and nobody says that it was sent. */
export type WhatsAppStatus = 'queued' | 'sent' | 'failed' | 'outbox';

/** A message of a template, to be sent or sent. Its id is the Idempotency-Key of every try. */
@Entity('whatsapp_messages')
@Index('whatsapp_messages_event', ['org_id', 'event_id'])
@Index('whatsapp_messages_ended_at', ['ended_at'], { where: 'ended_at IS NOT NULL' })
@ForeignKey(() => ChatEvent, ['org_id', 'event_id'], ['org_id', 'id'], {
  name: 'whatsapp_messages_event_fk',
  onDelete: 'CASCADE',
})
export class WhatsAppMessage extends OrgRow {
  /** Its entry in the session's history. */
  @Column('uuid')
  event_id: string;

  @Column('text')
  phone_number_id: string;

  /** Null once nobody is to read it. */
  @Column('jsonb', { nullable: true })
  message: TemplateMessage | null;

  @Column('text')
  status: WhatsAppStatus;

  /** What WhatsApp calls it. */
  @Column('text', { nullable: true })
  sent_as: string | null;

  /** Why it wasn't sent. */
  @Column('text', { nullable: true })
  reason: string | null;

  /** Null while it is to be sent. */
  @Column({ ...TIMESTAMP, nullable: true })
  ended_at: Date | null;
}
