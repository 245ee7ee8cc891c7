import { Id, Optional } from '../../validation/decorators.js';
import { IsE164, IsEmailAddress } from '../../validation/field-types.js';

/** A contact by exactly one of them. */
export class ContactReference {
  @Optional()
  @Id()
  id?: string;

  @Optional()
  @IsEmailAddress()
  email?: string;

  @Optional()
  @IsE164()
  phone_number?: string;
}

/** What no rule of a single field can say. */
export function isNamedInOneWay({ id, email, phone_number }: ContactReference): boolean {
  return [id, email, phone_number].filter((way) => way !== undefined).length === 1;
}
