import { IsIn, IsInt, Max, Min } from 'class-validator';
import { Column, Entity, ForeignKey } from 'typeorm';
import { OrgRow } from '../../../core/database/base.entity.js';
import { Org } from '../../../tenancy/orgs/org.entity.js';
import { IsE164 } from '../../../core/validation/field-types.js';
import { Name } from '../../../core/validation/name.js';
import { About, Field, partOf } from '../../../core/wire/field.js';
import { oneOf } from '../../../core/wire/schema.js';
import { FOR_TELEPHONY } from '../telephony.js';
import { IsSipHost, IsSipWord } from './sip-words.js';

const TRANSPORTS = ['udp', 'tcp', 'tls'] as const;

/** Server and account for outbound calls. */
@Entity('sip_outbound_trunks')
export class OutboundTrunk extends OrgRow {
  @ForeignKey(() => Org, { name: 'sip_outbound_trunks_org_fk' })
  override org_id: string;

  @Column('text')
  @Name(100)
  name: string;

  @About('Server of the carrier.', FOR_TELEPHONY)
  @Column('text')
  @IsSipHost()
  host: string;

  @About('Port of the server.', FOR_TELEPHONY)
  @Column('integer', { default: 5_060 })
  @Max(65_535)
  @Min(1)
  @IsInt()
  port: number;

  @About('Transport of SIP.', FOR_TELEPHONY)
  @Column('text', { default: 'udp' })
  @IsIn(TRANSPORTS)
  @Field(oneOf(TRANSPORTS))
  transport: (typeof TRANSPORTS)[number];

  @About('Account at the carrier.', FOR_TELEPHONY)
  @Column('text')
  @IsSipWord()
  username: string;

  /** Plain text in requests, encrypted at rest, in no response. */
  @About('Password of the account. No answer has it.', FOR_TELEPHONY)
  @Column('bytea', { select: false })
  @IsSipWord()
  password: string | Buffer;

  @About('Number that people see, in E.164 format.', FOR_TELEPHONY)
  @Column('text')
  @IsE164()
  caller_number: string;
}

export class CreatedOutboundTrunk extends partOf(OutboundTrunk, 'id', 'name', 'created_at', 'updated_at') {}
