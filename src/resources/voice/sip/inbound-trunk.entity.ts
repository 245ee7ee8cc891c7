import { Column, Entity, ForeignKey, Index } from 'typeorm';
import { OrgRow } from '../../../core/database/base.entity.js';
import { Org } from '../../../tenancy/orgs/org.entity.js';

/** Receives calls from the telephone system of an org. An org has at most one. */
@Entity('sip_inbound_trunks')
@Index('sip_inbound_trunks_org', ['org_id'], { unique: true })
@Index('sip_inbound_trunks_auth_username', ['auth_username'], { unique: true })
export class SipInboundTrunk extends OrgRow {
  @ForeignKey(() => Org, { name: 'sip_inbound_trunks_org_fk' })
  override org_id: string;

  @Column('text')
  auth_username: string;

  /** Encrypted. Only the response to its creation shows it. */
  @Column('bytea', { select: false })
  auth_password: Buffer;

  @Column('boolean')
  noise_suppression_enabled: boolean;
}
