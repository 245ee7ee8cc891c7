import { IsBoolean, IsIn, IsObject, IsUrl } from 'class-validator';
import { Absentable, IsLanguageTag, Optional, Text, Nullable } from '../../core/validation/decorators.js';
import { IsPathSegment, Name } from '../../core/validation/name.js';
import { About } from '../../core/wire/field.js';
import { ON_EXPOSED, type OnExposed } from './org.entity.js';

export const AI_INSTRUCTIONS_CHARACTERS_MAX = 20_000;
const WEBSITE = { protocols: ['http', 'https'], require_protocol: true, require_tld: false };

/** `POST /partner/v1/orgs` (S1). Null means absent. */
export class CreateOrgDto {
  @About('What the org is called in the dashboard.')
  @Name(200)
  name: string;

  @About('Your id of this customer, unique among your orgs. A second org with the same id is refused with 409.')
  @Absentable()
  @IsPathSegment()
  @Text(1, 255)
  external_id?: string | null;

  @Absentable()
  @IsUrl(WEBSITE)
  @Text(1, 2_048)
  website?: string | null;

  @About('BCP 47, such as `pt-BR`. Defaults to `en`.')
  @Absentable()
  @IsLanguageTag()
  language?: string | null;

  @About('Who the AI is, what it knows and how it behaves. Defaults to yours, if you have any.')
  @Absentable()
  @Text(0, AI_INSTRUCTIONS_CHARACTERS_MAX)
  ai_instructions?: string | null;

  @About('Third parties to connect at once, by name: an object with their credentials, or a list of them.')
  @Absentable()
  @IsObject()
  integrations?: Record<string, unknown> | null;
}

/** The settings that an org may edit with a key. An omitted field stays; null clears an optional one. */
export class UpdateOwnOrgDto {
  @Optional()
  @Name(200)
  name?: string;

  @Optional()
  @Nullable()
  @IsUrl(WEBSITE)
  @Text(1, 2_048)
  website?: string | null;

  @About('BCP 47, such as `pt-BR`.')
  @Optional()
  @IsLanguageTag()
  language?: string;

  @About('Who the AI is, what it knows and how it behaves.')
  @Optional()
  @Nullable()
  @Text(0, AI_INSTRUCTIONS_CHARACTERS_MAX)
  ai_instructions?: string | null;
}

/** The settings that the partner of an org may edit. */
export class UpdateOrgDto extends UpdateOwnOrgDto {
  @About('Whether Owners, Admins and the creators of keys get a mail before keys expire, or are suspended as idle.')
  @Optional()
  @IsBoolean()
  expiry_notices?: boolean;

  @About('Whether they get a mail about keys without requests for 90 days.')
  @Optional()
  @IsBoolean()
  idle_notices?: boolean;

  @About(
    'What a report does to an API key that was found in public: `suspend` can be undone, `tell` only sends a mail.',
  )
  @Optional()
  @IsIn(ON_EXPOSED)
  on_exposed?: OnExposed;
}

/** The settings that members may edit. */
export class UpdateManagedOrgDto extends UpdateOrgDto {
  @About('Whether Owners get a mail about the API keys each Monday.')
  @Optional()
  @IsBoolean()
  weekly_key_report?: boolean;
}
