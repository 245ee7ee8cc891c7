import { Column, CreateDateColumn, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { TIMESTAMP } from '../../../core/database/base.entity.js';
import { Org } from '../../../tenancy/orgs/org.entity.js';
import { About } from '../../../core/wire/field.js';

/** Addresses that the AI does not answer, with or without a contact that has them. */
@Entity('blocked_contacts')
@Index('blocked_contacts_org_email', ['org_id', 'email'], { unique: true })
@Index('blocked_contacts_org_phone_number', ['org_id', 'phone_number'])
export class BlockedContact {
  @PrimaryColumn('uuid', { select: false })
  @ForeignKey(() => Org, { name: 'blocked_contacts_org_fk' })
  org_id: string;

  @PrimaryColumn('uuid')
  id: string;

  @About('The blocked address. Null: only the phone number is blocked.')
  @Column('text', { nullable: true })
  email: string | null;

  /** That the contact had when it was blocked. */
  @Column('text', { nullable: true, select: false })
  phone_number: string | null;

  @Column('text', { nullable: true })
  reason: string | null;

  @CreateDateColumn(TIMESTAMP)
  created_at: Date;
}
