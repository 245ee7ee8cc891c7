import { ArrayMaxSize, ArrayMinSize, IsArray, IsIn } from 'class-validator';
import { DOCX, PDF, TEXT as PLAIN_TEXT } from '../../../kit/files/media-types.js';
import { ArrayUnique } from '../../../core/validation/array-unique.js';
import { NestedList, Optional } from '../../../core/validation/decorators.js';
import { Field } from '../../../core/wire/field.js';
import type { FormRules } from '../../../core/wire/form.js';
import { BOOLEAN, listOf, oneOf, TEXT, UUID } from '../../../core/wire/schema.js';
import { PageQuery } from '../envelope.js';
import { FieldWanted } from './field-wanted.dto.js';

export const EXTRACTION_STATUSES = ['queued', 'processing', 'completed', 'failed'] as const;

/** The extracted value of one field. */
export class ExtractedField {
  /** Null if not found. Dates are `YYYY-MM-DD`. */
  @Field({ anyOf: [TEXT, { type: 'number' }, BOOLEAN, listOf(TEXT), { type: 'null' }] })
  value: string | number | boolean | readonly string[] | null;

  /** From 0 (not found) to 1. */
  @Field({ type: 'number', minimum: 0, maximum: 1 })
  confidence: number;
}

export class ExtractionFields {
  /** The fields to extract. */
  @NestedList(() => FieldWanted)
  @ArrayUnique(({ key }: FieldWanted) => key, { message: 'schema must name each key once' })
  @ArrayMaxSize(50)
  @ArrayMinSize(1)
  @IsArray()
  schema: FieldWanted[];
}

export const DOCUMENT: FormRules<ExtractionFields> = {
  fileBytesMax: 10 * 1024 * 1024,
  fileTypes: [PDF, DOCX, PLAIN_TEXT],
  fields: ExtractionFields,
  json: ['schema'],
};

export class QueuedExtraction {
  @Field(UUID)
  id: string;

  @Field(oneOf(['queued']))
  status: 'queued';
}

export class ExtractionsQuery extends PageQuery {
  @Optional()
  @IsIn(EXTRACTION_STATUSES)
  status?: (typeof EXTRACTION_STATUSES)[number];
}
