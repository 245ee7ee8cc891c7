import { IsUrl } from 'class-validator';
import { check, isLanguageTag, Text } from '../../../core/validation/decorators.js';
import { About, Field } from '../../../core/wire/field.js';
import { FOR_TELEPHONY } from '../telephony.js';
import { listOf, type Schema, TEXT } from '../../../core/wire/schema.js';

const LANGUAGES_MAX = 20;
export const HTTPS = { protocols: ['https'], require_protocol: true, require_tld: false };

/** An API compatible with OpenAI's. The telephony has its key, so no secret is stored here. */
export class OwnModel {
  @IsUrl(HTTPS)
  @Text(1, 2_048)
  base_url: string;

  @About('Name of the model.', FOR_TELEPHONY)
  @Text(1, 200)
  model: string;
}

/** The model in responses. */
export class StoredOwnModel {
  @Field()
  base_url: string;

  @About('Name of the model.', FOR_TELEPHONY)
  @Field()
  model: string;
}

export const LANGUAGES: Schema = { type: ['string', 'array'], items: TEXT };

/** A BCP 47 tag, or a list of them. */
export function IsLanguages(): PropertyDecorator {
  const isList = (value: unknown) =>
    Array.isArray(value) && value.length > 0 && value.length <= LANGUAGES_MAX && value.every(isLanguageTag);
  return check(
    'languages',
    (value) => isLanguageTag(value) || isList(value),
    `must be a BCP 47 language tag, or a list of 1 to ${LANGUAGES_MAX}`,
    { schema: { anyOf: [TEXT, { ...listOf(TEXT), minItems: 1, maxItems: LANGUAGES_MAX }] } },
  );
}
