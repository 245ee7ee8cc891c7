import { IsIn } from 'class-validator';
import { Nullable, Optional, QueryBoolean, Text } from '../../../core/validation/decorators.js';
import { IsPathSegment, OptionalName } from '../../../core/validation/name.js';
import { IsCustomFields, IsE164, IsEmailAddress } from '../../../core/validation/field-types.js';
import { RequiresValueOf } from '../../../core/validation/field-groups.js';
import { PageQuery } from '../envelope.js';
import { CONTACT_STAGES, CONTACT_STATUSES } from './agent-contact.entity.js';

/** What is left out stays, null empties what may be empty. */
export class UpdateAgentContactDto {
  @Optional()
  @Nullable()
  @IsPathSegment()
  @Text(1, 100)
  external_reference_id?: string | null;

  @Optional()
  @Nullable()
  @OptionalName(200)
  name?: string | null;

  @Optional()
  @Nullable()
  @IsEmailAddress()
  email?: string | null;

  @Optional()
  @Nullable()
  @IsE164()
  phone?: string | null;

  @Optional()
  @Nullable()
  @Text(1, 50)
  gender?: string | null;

  @Optional()
  @IsIn(CONTACT_STATUSES)
  status?: (typeof CONTACT_STATUSES)[number];

  @Optional()
  @Nullable()
  @IsIn(CONTACT_STAGES)
  stage?: (typeof CONTACT_STAGES)[number] | null;

  /** Replaces those that are there. */
  @Optional()
  @IsCustomFields()
  custom_fields?: Record<string, string | number | boolean>;
}

@RequiresValueOf('email', 'phone')
export class CreateAgentContactDto extends UpdateAgentContactDto {}

export class AgentContactsQuery extends PageQuery {
  /** In the name, the e-mail address, the phone number or the reference, whatever its case. */
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
