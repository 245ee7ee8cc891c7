import { applyDecorators } from '@nestjs/common';
import { IsDefined, IsObject } from 'class-validator';
import { check, Clearable, IsInstant, Nested, Optional } from '../../../core/validation/decorators.js';
import { RequiresValueOf } from '../../../core/validation/field-groups.js';
import { OptionalName } from '../../../core/validation/name.js';
import { About, partOf } from '../../../core/wire/field.js';
import { BulkRows } from '../../../kit/bulk-upsert/bulk-upsert.dto.js';
import { Contact } from './contact.entity.js';
import { IsCustomData, IsCustomDataChange, IsE164, IsEmailAddress } from '../../../core/validation/field-types.js';

abstract class ContactFields {
  @Clearable(IsEmailAddress())
  email?: string | null;

  @Clearable(IsE164())
  phone?: string | null;

  @Clearable(OptionalName(200))
  name?: string | null;
}

@RequiresValueOf('email', 'phone')
export class NewContact extends ContactFields {
  @Optional()
  @IsCustomData()
  custom_data?: Record<string, string>;
}

export class ContactChange extends ContactFields {
  @About('Merged into the stored data; null deletes a key.')
  @Optional()
  @IsCustomDataChange()
  custom_data?: Record<string, string | null>;

  @Clearable(IsInstant())
  unsubscribed_at?: string | null;

  @About('Null clears it, and so does another e-mail address.')
  @Optional()
  @check('cleared', (value) => value === null, 'must be null', { schema: { type: 'null' } })
  undeliverable_at?: null;
}

export class CreateContactDto {
  @Wrapped(() => NewContact)
  contact: NewContact;
}

export class UpdateContactDto {
  @Optional()
  @Wrapped(() => ContactChange)
  contact?: ContactChange;
}

export class UpsertContactsDto {
  @BulkRows(NewContact)
  contacts: object[];
}

export class CreatedContact extends partOf(Contact, 'id') {}

function Wrapped(dto: () => new () => object): PropertyDecorator {
  return applyDecorators(Nested(dto), IsObject(), IsDefined());
}
