import { IsIn } from 'class-validator';
import { Clearable, Optional, QueryBoolean, Text } from '../../../core/validation/decorators.js';
import { IsPathSegment, OptionalName } from '../../../core/validation/name.js';
import { IsCustomFields, IsE164, IsEmailAddress } from '../../../core/validation/field-types.js';
import { About } from '../../../core/wire/field.js';
import { RequiresValueOf } from '../../../core/validation/field-groups.js';
import { PageQuery } from '../envelope.js';
import { CONTACT_STAGES, CONTACT_STATUSES, ONLY_CLIENTS } from './agent-contact.entity.js';

/** Absent fields stay unchanged; null clears a field. */
export class UpdateAgentContactDto {
  @Clearable(Text(1, 100), IsPathSegment())
  external_reference_id?: string | null;

  @Clearable(OptionalName(200))
  name?: string | null;

  @Clearable(IsEmailAddress())
  email?: string | null;

  @Clearable(IsE164())
  phone?: string | null;

  @About('Free text.', ONLY_CLIENTS)
  @Clearable(Text(1, 50))
  gender?: string | null;

  @Optional()
  @IsIn(CONTACT_STATUSES)
  status?: (typeof CONTACT_STATUSES)[number];

  @Clearable(IsIn(CONTACT_STAGES))
  stage?: (typeof CONTACT_STAGES)[number] | null;

  @About('Up to 50 values by name. Replaces all existing ones.', ONLY_CLIENTS)
  @Optional()
  @IsCustomFields()
  custom_fields?: Record<string, string | number | boolean>;
}

@RequiresValueOf('email', 'phone')
export class CreateAgentContactDto extends UpdateAgentContactDto {}

export class AgentContactsQuery extends PageQuery {
  /** Case-insensitive search in name, e-mail address, phone number and reference. */
  @Optional()
  @Text(1, 200)
  search?: string;

  @Optional()
  @IsIn(CONTACT_STATUSES)
  status?: (typeof CONTACT_STATUSES)[number];

  @Optional()
  @IsIn(CONTACT_STAGES)
  stage?: (typeof CONTACT_STAGES)[number];

  @Optional()
  @QueryBoolean()
  archived: boolean = false;
}
