import { Column, Entity, ForeignKey, Index } from 'typeorm';
import { OrgRow, TIMESTAMP } from '../../core/database/base.entity.js';
import { About, Field } from '../../core/wire/field.js';
import { oneOf } from '../../core/wire/schema.js';
import { MailBody } from './mail-body.entity.js';

export const MAIL_STATUSES = ['queued', 'sent', 'bounced', 'rejected', 'failed', 'skipped', 'outbox'] as const;
export type MailStatus = (typeof MAIL_STATUSES)[number];

const STATUS =
  '`sent`: the mail server took it. `bounced`: it came back later. `rejected`: the mail server refused it for good. ' +
  '`failed`: the mail server could not be reached in two days, or the domain was no longer verified. `skipped`: the ' +
  'recipient must not get it. `outbox`: the server has no mail server, and keeps it for the operator.';

/** A mail to one address. The Message-ID derives from its id, so that mail clients can detect duplicates. */
@Entity('mail_messages')
@Index('mail_messages_org_key', ['org_id', 'key'], { unique: true, where: 'key IS NOT NULL' })
@Index('mail_messages_org_batch', ['org_id', 'batch_id', 'id'], { where: 'batch_id IS NOT NULL' })
@Index('mail_messages_org_recipient', ['org_id', 'to_email', 'id'])
@Index('mail_messages_org_status', ['org_id', 'status', 'id'])
@Index('mail_messages_body', ['org_id', 'body_id'], { where: 'body_id IS NOT NULL' })
@Index('mail_messages_ended_at', ['ended_at'], { where: 'ended_at IS NOT NULL' })
@ForeignKey(() => MailBody, ['org_id', 'body_id'], ['org_id', 'id'], { name: 'mail_messages_body_fk' })
export class MailMessage extends OrgRow {
  @ForeignKey('orgs', { name: 'mail_messages_org_fk' })
  override org_id: string;

  /** Deduplication key of the sending feature. A second message with the same key is not added. */
  @Column('text', { nullable: true, select: false })
  key: string | null;

  @About('Of the `POST /email` or workflow block that sent it; null for mail of sequences and sessions.')
  @Column('uuid', { nullable: true })
  batch_id: string | null;

  @About('With the domain in ASCII form.')
  @Column('text')
  from_email: string;

  @Column('text')
  sender_name: string;

  @Column('text')
  to_email: string;

  @Column('text')
  subject: string;

  @Column('boolean')
  is_transactional: boolean;

  /** Message-IDs of its thread, oldest first. */
  @Column('text', { array: true, default: [], select: false })
  refers_to: string[];

  /** Sent by the server itself, to people of the org. The org didn't choose its sender. */
  @Column('boolean', { default: false, select: false })
  is_from_server: boolean;

  /** True if its texts have merge fields, which are replaced when it is sent. */
  @Column('boolean', { default: false, select: false })
  may_merge: boolean;

  /** Null once the body is no longer needed. */
  @Column('uuid', { nullable: true, select: false })
  body_id: string | null;

  @About(STATUS)
  @Column('text')
  @Field(oneOf(MAIL_STATUSES))
  status: MailStatus;

  @About('Why it was not delivered; null if nothing is known against it.')
  @Column('text', { nullable: true })
  reason: string | null;

  @About('When it was sent, or its sending ended; null while it is queued.')
  @Column({ ...TIMESTAMP, nullable: true })
  ended_at: Date | null;
}
