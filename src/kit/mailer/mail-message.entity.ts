import { Column, Entity, ForeignKey, Index } from 'typeorm';
import { OrgRow, TIMESTAMP } from '../../core/database/base.entity.js';
import { MailBody } from './mail-body.entity.js';

/** `outbox`: no mail server is configured, so it stays for the operator to read, and nobody says that it was sent. */
export const MAIL_STATUSES = ['queued', 'sent', 'failed', 'skipped', 'outbox'] as const;
export type MailStatus = (typeof MAIL_STATUSES)[number];

/** A mail to one address. Its id makes its Message-ID, so that one that is sent twice is known for the same. */
@Entity('mail_messages')
@Index('mail_messages_org_key', ['org_id', 'key'], { unique: true, where: 'key IS NOT NULL' })
@Index('mail_messages_body', ['org_id', 'body_id'], { where: 'body_id IS NOT NULL' })
@Index('mail_messages_ended_at', ['ended_at'], { where: 'ended_at IS NOT NULL' })
@ForeignKey(() => MailBody, ['org_id', 'body_id'], ['org_id', 'id'], { name: 'mail_messages_body_fk' })
export class MailMessage extends OrgRow {
  @ForeignKey('orgs', { name: 'mail_messages_org_fk' })
  override org_id: string;

  /** What it is for, by whoever put it down: of two with the same key there is only the first. */
  @Column('text', { nullable: true })
  key: string | null;

  /** Its domain as DNS writes it. */
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

  /** Null once nobody is to read it. */
  @Column('uuid', { nullable: true })
  body_id: string | null;

  @Column('text')
  status: MailStatus;

  /** Why it wasn't sent. */
  @Column('text', { nullable: true })
  reason: string | null;

  /** Null while it is to be sent. */
  @Column({ ...TIMESTAMP, nullable: true })
  ended_at: Date | null;
}
