import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Partner } from '../partners/partner.entity.js';

/** A number that the operator's token may send from, whether or not an org has it. Only the operator adds one. */
@Entity('whatsapp_number_pool')
@Index('whatsapp_number_pool_partner', ['partner_id'])
export class PooledNumber {
  @PrimaryColumn('text')
  phone_number_id: string;

  /** The WhatsApp Business account that has its templates. Null: the status of templates is not looked up. */
  @Column('text', { nullable: true })
  business_account_id: string | null;

  /** May assign it to its orgs; null: only the operator may. */
  @Column('uuid', { nullable: true })
  @ForeignKey(() => Partner, { name: 'whatsapp_number_pool_partner_fk' })
  partner_id: string | null;
}
