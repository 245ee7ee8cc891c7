import { Column, Entity, ForeignKey, Index } from 'typeorm';
import { OrgRow, TIMESTAMP } from '../../../core/database/base.entity.js';
import { ChatEvent } from '../chat-sessions/chat-event.entity.js';
import type { CloudMessage } from '../../../kit/outbound/whatsapp-cloud.js';

/** `outbox`: WhatsApp is not configured. The message is kept for the operator and was not sent. */
export type WhatsAppStatus = 'queued' | 'sent' | 'failed' | 'outbox';

/** A queued, sent or failed message. Its id is the Idempotency-Key of every attempt. */
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

  /** Null after it was sent or redacted. */
  @Column('jsonb', { nullable: true })
  message: CloudMessage | null;

  @Column('text')
  status: WhatsAppStatus;

  /** Id of the message at WhatsApp. */
  @Column('text', { nullable: true })
  sent_as: string | null;

  /** Why sending failed. */
  @Column('text', { nullable: true })
  reason: string | null;

  /** Null while it is queued. */
  @Column({ ...TIMESTAMP, nullable: true })
  ended_at: Date | null;
}
