import { Id, Optional } from '../../validation/decorators.js';
import { RequiresExactlyOneOf } from '../../validation/field-groups.js';
import { IsE164, IsEmailAddress } from '../../validation/field-types.js';

/** A contact by exactly one of them. */
@RequiresExactlyOneOf('id', 'email', 'phone_number')
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
