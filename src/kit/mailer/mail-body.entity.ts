import { Column, CreateDateColumn, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { TIMESTAMP } from '../../core/database/base.entity.js';

/** The HTML of messages. Messages that were enqueued together share it. Deleted when no message needs it. */
@Entity('mail_bodies')
@Index('mail_bodies_created_at', ['created_at'])
export class MailBody {
  @PrimaryColumn('uuid')
  @ForeignKey('orgs', { name: 'mail_bodies_org_fk' })
  org_id: string;

  @PrimaryColumn('uuid')
  id: string;

  @Column('text')
  html: string;

  @CreateDateColumn(TIMESTAMP)
  created_at: Date;
}
