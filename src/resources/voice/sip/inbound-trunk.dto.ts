import { ArrayMaxSize, IsArray, IsBoolean } from 'class-validator';
import { ArrayUnique } from '../../../core/validation/array-unique.js';
import { Optional } from '../../../core/validation/decorators.js';
import { IsE164 } from '../../../core/validation/field-types.js';
import { About, Field, partOf } from '../../../core/wire/field.js';
import { listOf, TEXT } from '../../../core/wire/schema.js';
import { FOR_TELEPHONY } from '../telephony.js';
import { SipInboundTrunk } from './inbound-trunk.entity.js';

const NUMBERS = 'Numbers that callers dial, in E.164 format. A number belongs to one organization.';

export class CreateInboundTrunkDto {
  @About(NUMBERS, FOR_TELEPHONY)
  @Optional()
  @IsE164({ each: true })
  @ArrayUnique()
  @ArrayMaxSize(100)
  @IsArray()
  phone_numbers: string[] = [];

  @About('Whether it removes noise from calls.', FOR_TELEPHONY)
  @Optional()
  @IsBoolean()
  noise_suppression_enabled: boolean = true;
}

export class InboundTrunk extends partOf(SipInboundTrunk, 'id', 'auth_username', 'noise_suppression_enabled') {
  @About(NUMBERS, FOR_TELEPHONY)
  @Field(listOf(TEXT))
  phone_numbers: string[];

  @About('SIP URI to send calls to.', FOR_TELEPHONY)
  @Field()
  sip_endpoint: string;

  @About('SIP header with the id of the agent. Without it, the dialed number decides.', FOR_TELEPHONY)
  @Field()
  agent_id_header: string;
}

export class NewInboundTrunk extends InboundTrunk {
  @About('For digest authentication. It is not shown again.', FOR_TELEPHONY)
  @Field()
  auth_password: string;
}
