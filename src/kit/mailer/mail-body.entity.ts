import { Column, CreateDateColumn, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { TIMESTAMP } from '../../core/database/base.entity.js';

/** What messages say: one row for all that were put down together and say the same. It goes when none needs it. */
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
