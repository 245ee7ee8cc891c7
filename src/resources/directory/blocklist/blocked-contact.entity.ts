import { Column, CreateDateColumn, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { TIMESTAMP } from '../../../core/database/base.entity.js';
import { Contact } from '../contacts/contact.entity.js';

/** A contact that the AI does not answer. */
@Entity('blocked_contacts')
@Index('blocked_contacts_org_contact', ['org_id', 'contact_id'], { unique: true })
@ForeignKey(() => Contact, ['org_id', 'contact_id'], ['org_id', 'id'], {
  name: 'blocked_contacts_contact_fk',
  onDelete: 'CASCADE',
})
export class BlockedContact {
  @PrimaryColumn('uuid', { select: false })
  org_id: string;

  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid')
  contact_id: string;

  @Column('text', { nullable: true })
  reason: string | null;

  @CreateDateColumn(TIMESTAMP)
  created_at: Date;
}
