import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { SipInboundTrunk } from './inbound-trunk.entity.js';

/** A number that callers dial. A call is routed by it, so it belongs to one org. */
@Entity('sip_inbound_numbers')
@Index('sip_inbound_numbers_number', ['phone_number'], { unique: true })
@ForeignKey(() => SipInboundTrunk, ['org_id', 'trunk_id'], ['org_id', 'id'], {
  name: 'sip_inbound_numbers_trunk_fk',
  onDelete: 'CASCADE',
})
export class SipInboundNumber {
  @PrimaryColumn('uuid')
  org_id: string;

  @PrimaryColumn('text')
  phone_number: string;

  @Column('uuid')
  trunk_id: string;

  /** Index in the list. */
  @Column('integer')
  position: number;
}
