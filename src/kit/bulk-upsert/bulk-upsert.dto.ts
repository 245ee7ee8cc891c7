import { applyDecorators } from '@nestjs/common';
import { ArrayMaxSize, ArrayMinSize, IsArray } from 'class-validator';
import { check } from '../../core/validation/decorators.js';
import { About, Field } from '../../core/wire/field.js';
import { type Class, INTEGER, listOf, nullable, oneOf, UUID } from '../../core/wire/schema.js';

const ROWS_MAX = 1_000;
const STATUSES = ['created', 'updated', 'unchanged', 'failed'] as const;

/** For descriptions of routes. */
export const BULK_RULES =
  'A row changes the stored row with its e-mail address, else the one with its phone number, else it is created. A row ' +
  "that isn't valid, that conflicts, or that repeats another one fails alone; all others are saved together.";

/** 1 to 1,000 objects, documented as `dto`. The service validates each of them, so that an invalid one fails alone. */
export function BulkRows(dto: Class): PropertyDecorator {
  return applyDecorators(
    check('bulkRows', isListOfObjects, 'must be a list of objects', { schema: listOf(dto) }),
    ArrayMaxSize(ROWS_MAX),
    ArrayMinSize(1),
    IsArray(),
  );
}

export class BulkRowError {
  @About('A code of errors.md, such as `invalid_request` or `taken`.')
  @Field()
  code: string;

  @Field()
  message: string;
}

export class BulkRowResult {
  @About('Position of the row in the request, from 0.')
  @Field(INTEGER)
  index: number;

  @Field(oneOf(STATUSES))
  status: (typeof STATUSES)[number];

  @About('Null if the row failed.')
  @Field(nullable(UUID))
  id: string | null;

  @About('Why the row failed.')
  @Field(nullable(BulkRowError))
  error: BulkRowError | null;
}

/** The number of rows by status. */
export class BulkSummary implements Record<BulkRowResult['status'], number> {
  @Field(INTEGER)
  created: number;

  @Field(INTEGER)
  updated: number;

  @Field(INTEGER)
  unchanged: number;

  @Field(INTEGER)
  failed: number;
}

export class BulkResult {
  @About('One per row, in the order of the request.')
  @Field(listOf(BulkRowResult))
  results: BulkRowResult[];

  @Field()
  summary: BulkSummary;
}

function isListOfObjects(value: unknown): boolean {
  return Array.isArray(value) && value.every((row) => typeof row === 'object' && row !== null && !Array.isArray(row));
}
