import { Column, Entity, ForeignKey, Index } from 'typeorm';
import { OrgRow } from '../../../core/database/base.entity.js';
import { Org } from '../../../tenancy/orgs/org.entity.js';
import { About } from '../../../core/wire/field.js';
import { FOR_TELEPHONY } from '../telephony.js';

/** Receives calls from the telephone system of an org. An org has at most one. */
@Entity('sip_inbound_trunks')
@Index('sip_inbound_trunks_org', ['org_id'], { unique: true })
@Index('sip_inbound_trunks_auth_username', ['auth_username'], { unique: true })
export class SipInboundTrunk extends OrgRow {
  @ForeignKey(() => Org, { name: 'sip_inbound_trunks_org_fk' })
  override org_id: string;

  @About('For digest authentication.', FOR_TELEPHONY)
  @Column('text')
  auth_username: string;

  /** Encrypted. Only the response to its creation shows it. */
  @Column('bytea', { select: false })
  auth_password: Buffer;

  @About('Whether it removes noise from calls.', FOR_TELEPHONY)
  @Column('boolean')
  noise_suppression_enabled: boolean;
}
