import { Column, Entity, ForeignKey, Index } from 'typeorm';
import { OrgRow, TIMESTAMP } from '../../core/database/base.entity.js';
import { MailBody } from './mail-body.entity.js';

/**
 * `rejected`: the mail server refused it for good. `failed`: it could not be handed over. `outbox`: no mail server is
 * configured, so the message is only kept for the operator to read.
 */
export const MAIL_STATUSES = ['queued', 'sent', 'rejected', 'failed', 'skipped', 'outbox'] as const;
export type MailStatus = (typeof MAIL_STATUSES)[number];

/** A mail to one address. The Message-ID derives from its id, so that mail clients can detect duplicates. */
@Entity('mail_messages')
@Index('mail_messages_org_key', ['org_id', 'key'], { unique: true, where: 'key IS NOT NULL' })
@Index('mail_messages_body', ['org_id', 'body_id'], { where: 'body_id IS NOT NULL' })
@Index('mail_messages_ended_at', ['ended_at'], { where: 'ended_at IS NOT NULL' })
@ForeignKey(() => MailBody, ['org_id', 'body_id'], ['org_id', 'id'], { name: 'mail_messages_body_fk' })
export class MailMessage extends OrgRow {
  @ForeignKey('orgs', { name: 'mail_messages_org_fk' })
  override org_id: string;

  /** Deduplication key of the sending feature. A second message with the same key is not added. */
  @Column('text', { nullable: true })
  key: string | null;

  /** With the domain in ASCII form. */
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
  @Column('text', { array: true, default: [] })
  refers_to: string[];

  /** True if its texts have merge fields, which are replaced when it is sent. */
  @Column('boolean', { default: false })
  may_merge: boolean;

  /** Null once the body is no longer needed. */
  @Column('uuid', { nullable: true })
  body_id: string | null;

  @Column('text')
  status: MailStatus;

  /** Why the message wasn't sent. */
  @Column('text', { nullable: true })
  reason: string | null;

  /** Null while queued. */
  @Column({ ...TIMESTAMP, nullable: true })
  ended_at: Date | null;
}
