import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Partner } from '../partners/partner.entity.js';

/** A number that the operator's token can send from, assigned or not. Only the operator adds one. */
@Entity('whatsapp_number_pool')
@Index('whatsapp_number_pool_partner', ['partner_id'])
export class PooledNumber {
  @PrimaryColumn('text')
  phone_number_id: string;

  /** The WhatsApp Business account with its templates. Null: the status of templates isn't looked up. */
  @Column('text', { nullable: true })
  business_account_id: string | null;

  /** The partner that may assign it to its orgs; null: only the operator may. */
  @Column('uuid', { nullable: true })
  @ForeignKey(() => Partner, { name: 'whatsapp_number_pool_partner_fk' })
  partner_id: string | null;
}
