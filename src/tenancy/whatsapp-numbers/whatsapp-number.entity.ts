import { Column, CreateDateColumn, Entity, ForeignKey, Index, PrimaryColumn, UpdateDateColumn } from 'typeorm';
import { TIMESTAMP } from '../../core/database/base.entity.js';
import { Org } from '../orgs/org.entity.js';

/** A number that is assigned to an org, which alone sends from it. Its id is WhatsApp's own. */
@Entity('whatsapp_numbers')
@Index('whatsapp_numbers_phone_number_id', ['phone_number_id'], { unique: true })
export class WhatsAppNumber {
  @PrimaryColumn('uuid', { select: false })
  @ForeignKey(() => Org, { name: 'whatsapp_numbers_org_fk' })
  org_id: string;

  /** The wire's `id` is the one that WhatsApp gives. */
  @PrimaryColumn('uuid', { select: false })
  id: string;

  @Column('text', { select: false })
  phone_number_id: string;

  @Column('text')
  display_phone_number: string;

  @Column('text')
  verified_name: string;

  @Column('text', { default: 'registered' })
  status: string;

  @CreateDateColumn({ ...TIMESTAMP, select: false })
  created_at: Date;

  @UpdateDateColumn({ ...TIMESTAMP, select: false })
  updated_at: Date;
}
