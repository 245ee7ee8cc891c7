import { ArrayMaxSize, IsArray } from 'class-validator';
import { ArrayUnique } from '../../../core/validation/array-unique.js';
import { check, Nullable, Optional, Text } from '../../../core/validation/decorators.js';
import { Name } from '../../../core/validation/name.js';
import { IsDomainName } from '../../../core/validation/field-types.js';
import { About } from '../../../core/wire/field.js';

const LANGUAGES_MAX = 50;

/** The whole help center. Omitted fields have their defaults. */
export class PutHelpCenterDto {
  @Name(100)
  name: string;

  @Optional()
  @Nullable()
  @Text(0, 500)
  description: string | null = null;

  @About('ISO 639-1, such as `en`. It cannot be changed later.')
  @IsLanguage()
  primary_language: string;

  @About('ISO 639-1; always includes the primary language. Articles in other languages are not public.')
  @Optional()
  @IsLanguage(true)
  @ArrayUnique()
  @ArrayMaxSize(LANGUAGES_MAX)
  @IsArray()
  languages: string[] = [];

  @About('A host of your own, such as `help.example.com`. No two help centers have the same one.')
  @Optional()
  @Nullable()
  @IsDomainName()
  custom_domain: string | null = null;
}

/** ISO 639-1. */
export function IsLanguage(each = false): PropertyDecorator {
  return check('language', isLanguage, 'must be an ISO 639-1 language', {
    schema: { type: 'string', pattern: '^[a-z]{2}$' },
    each,
  });
}

const NAMES = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' });

function isLanguage(value: unknown): boolean {
  return typeof value === 'string' && /^[a-z]{2}$/.test(value) && NAMES.of(value) !== undefined;
}
