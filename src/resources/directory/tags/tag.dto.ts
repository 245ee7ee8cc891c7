import { applyDecorators } from '@nestjs/common';
import { IsBoolean } from 'class-validator';
import { Nullable, Optional, Text } from '../../../core/validation/decorators.js';
import { canonicalName, IsPathSegment, Name } from '../../../core/validation/name.js';

const CHARACTERS_MAX = 64;

/** The stored spelling of a tag. Old tags may consist of blanks, which names no longer allow. */
export function canonicalTagName(text: string): string {
  return canonicalName(text, CHARACTERS_MAX) || text;
}

export function IsTagName(): PropertyDecorator {
  return applyDecorators(IsPathSegment(), Name(CHARACTERS_MAX));
}

/** The whole tag. Omitted fields have their defaults. */
export class PutTagDto {
  @IsTagName()
  tag_name: string;

  @Optional()
  @Nullable()
  @Text(0, 160)
  description: string | null = null;

  @Optional()
  @IsBoolean()
  exclude_from_auto_tagging: boolean = false;
}
