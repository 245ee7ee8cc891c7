import { IsBoolean, IsIn, Matches } from 'class-validator';
import { Optional, Text } from '../../../core/validation/decorators.js';
import { Name } from '../../../core/validation/name.js';

export const FIELD_TYPES = ['string', 'number', 'date', 'boolean', 'array'] as const;
export type FieldType = (typeof FIELD_TYPES)[number];

/** A field to extract from a document. */
export class FieldWanted {
  @Matches(/^[A-Za-z][A-Za-z0-9_.-]{0,63}$/, {
    message: '$property must be 1 to 64 letters, digits, dots, dashes and underscores, a letter first',
  })
  key: string;

  @IsIn(FIELD_TYPES)
  type: FieldType;

  /** The label in the document. Default: the words of the key. */
  @Optional()
  @Name(100)
  label?: string;

  @Optional()
  @Text(1, 500)
  description?: string;

  /** If true and the field isn't found, the extraction fails. */
  @Optional()
  @IsBoolean()
  required?: boolean;
}
