import { Column, Entity, ForeignKey, Index } from 'typeorm';
import { OrgRow, TIMESTAMP } from '../../../core/database/base.entity.js';
import { About, Field } from '../../../core/wire/field.js';
import { oneOf } from '../../../core/wire/schema.js';
import { ChatEvent } from '../chat-sessions/chat-event.entity.js';
import type { CloudMessage } from '../../../kit/outbound/whatsapp-cloud.js';

export const WHATSAPP_STATUSES = ['queued', 'sent', 'rejected', 'failed', 'outbox'] as const;
export type WhatsAppStatus = (typeof WHATSAPP_STATUSES)[number];

const STATUS =
  '`sent`: WhatsApp took it. `rejected`: WhatsApp refused it. `failed`: WhatsApp could not be reached in two days, or the ' +
  'number was released. `outbox`: the server has no access to WhatsApp.';

/** A queued, sent or failed message. Its id is the Idempotency-Key of every attempt. */
@Entity('whatsapp_messages')
@Index('whatsapp_messages_org_status', ['org_id', 'status', 'id'])
@Index('whatsapp_messages_event', ['org_id', 'event_id'])
@Index('whatsapp_messages_ended_at', ['ended_at'], { where: 'ended_at IS NOT NULL' })
@ForeignKey(() => ChatEvent, ['org_id', 'event_id'], ['org_id', 'id'], {
  name: 'whatsapp_messages_event_fk',
  onDelete: 'CASCADE',
})
export class WhatsAppMessage extends OrgRow {
  @About("Id of the message in the session's history.")
  @Column('uuid')
  event_id: string;

  @Column('text')
  phone_number_id: string;

  /** Null after it was sent or redacted. */
  @Column('jsonb', { nullable: true, select: false })
  message: CloudMessage | null;

  @About(STATUS)
  @Column('text')
  @Field(oneOf(WHATSAPP_STATUSES))
  status: WhatsAppStatus;

  @About('Id of the message at WhatsApp.')
  @Column('text', { nullable: true })
  sent_as: string | null;

  @About('Why it was not sent.')
  @Column('text', { nullable: true })
  reason: string | null;

  @About('When its sending ended; null while it is queued.')
  @Column({ ...TIMESTAMP, nullable: true })
  ended_at: Date | null;
}
