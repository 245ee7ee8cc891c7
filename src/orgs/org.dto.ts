import { IsObject, IsUrl } from 'class-validator';
import { Absentable, IsLanguageTag, Optional, Text, Nullable } from '../validation/decorators.js';

export const AI_INSTRUCTIONS_CHARACTERS_MAX = 20_000;
const WEBSITE = { protocols: ['http', 'https'], require_protocol: true, require_tld: false };

/** `POST /partner/v1/orgs` [seed 001]. Null means absent. */
export class CreateOrgDto {
  @Text(1, 200)
  name: string;

  @Absentable()
  @Text(1, 255)
  external_id?: string | null;

  @Absentable()
  @IsUrl(WEBSITE)
  @Text(1, 2_048)
  website?: string | null;

  @Absentable()
  @IsLanguageTag()
  language?: string | null;

  @Absentable()
  @Text(0, AI_INSTRUCTIONS_CHARACTERS_MAX)
  ai_instructions?: string | null;

  @Absentable()
  @IsObject()
  integrations?: Record<string, unknown> | null;
}

/** The settings of an org that it or its partner may edit. Omitted: unchanged; null clears what can be empty. */
export class UpdateOrgDto {
  @Optional()
  @Text(1, 200)
  name?: string;

  @Optional()
  @Nullable()
  @IsUrl(WEBSITE)
  @Text(1, 2_048)
  website?: string | null;

  @Optional()
  @IsLanguageTag()
  language?: string;

  @Optional()
  @Nullable()
  @Text(0, AI_INSTRUCTIONS_CHARACTERS_MAX)
  ai_instructions?: string | null;
}
