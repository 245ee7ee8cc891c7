import { Column, CreateDateColumn, Entity, ForeignKey, Index, PrimaryColumn, UpdateDateColumn } from 'typeorm';
import { TIMESTAMP } from '../../core/database/base.entity.js';
import { Org } from '../orgs/org.entity.js';

/** A number assigned to an org, which alone sends from it. WhatsApp assigns its id. */
@Entity('whatsapp_numbers')
@Index('whatsapp_numbers_phone_number_id', ['phone_number_id'], { unique: true })
export class WhatsAppNumber {
  @PrimaryColumn('uuid', { select: false })
  @ForeignKey(() => Org, { name: 'whatsapp_numbers_org_fk' })
  org_id: string;

  /** Clients see `phone_number_id` as `id`. */
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
