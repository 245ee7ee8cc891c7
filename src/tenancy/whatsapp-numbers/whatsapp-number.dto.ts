import { Matches } from 'class-validator';
import { Optional, Text } from '../../core/validation/decorators.js';
import { Name } from '../../core/validation/name.js';
import { About, Field, partOf } from '../../core/wire/field.js';
import { listOf, TEXT } from '../../core/wire/schema.js';
import { WhatsAppNumber } from './whatsapp-number.entity.js';

const IS_DIGITS = [/^\d{1,32}$/, { message: '$property must be digits' }] as const;

/** A number with its display fields, which the org may change. */
export class SaveWhatsAppNumberDto {
  @About("WhatsApp's own id of it.")
  @Matches(...IS_DIGITS)
  id: string;

  @Text(1, 32)
  display_phone_number: string;

  @Name(200)
  verified_name: string;
}

/** A number to add to the pool. */
export class PoolNumberDto {
  @Matches(...IS_DIGITS)
  id: string;

  @Optional()
  @Matches(...IS_DIGITS)
  business_account_id?: string;
}

export class AssignedNumber extends partOf(WhatsAppNumber, 'display_phone_number', 'verified_name', 'status') {
  @About("WhatsApp's own id of it.")
  @Field(TEXT)
  id: string;
}

export class AssignedNumbers {
  @Field(listOf(AssignedNumber))
  data: AssignedNumber[];
}

export function assignedNumber(number: WhatsAppNumber): AssignedNumber {
  const { phone_number_id: id, display_phone_number, verified_name, status } = number;
  return { id, display_phone_number, verified_name, status };
}
