import { ArrayMaxSize, IsArray, IsBoolean } from 'class-validator';
import { ArrayUnique } from '../../../core/validation/array-unique.js';
import { Optional } from '../../../core/validation/decorators.js';
import { IsE164 } from '../../../core/validation/field-types.js';
import { About, Field, partOf } from '../../../core/wire/field.js';
import { SipInboundTrunk } from './inbound-trunk.entity.js';

export class CreateInboundTrunkDto {
  @About('Those that callers dial, in E.164 format.')
  @Optional()
  @IsE164({ each: true })
  @ArrayUnique()
  @ArrayMaxSize(100)
  @IsArray()
  phone_numbers: string[] = [];

  @Optional()
  @IsBoolean()
  noise_suppression_enabled: boolean = true;
}

export class InboundTrunk extends partOf(
  SipInboundTrunk,
  'id',
  'auth_username',
  'phone_numbers',
  'noise_suppression_enabled',
) {
  @About('Where to send calls to: a SIP URI.')
  @Field()
  sip_endpoint: string;

  @About('The SIP header that names the agent a call is for; without it the dialled number decides.')
  @Field()
  agent_id_header: string;
}

export class NewInboundTrunk extends InboundTrunk {
  @About('For digest authentication. It is not shown again.')
  @Field()
  auth_password: string;
}
