import { Id, Optional } from '../../../core/validation/decorators.js';
import { RequiresExactlyOneOf } from '../../../core/validation/field-groups.js';
import { IsE164, IsEmailAddress } from '../../../core/validation/field-types.js';

/** Names a contact by exactly one of its fields. */
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
