import { IsBoolean } from 'class-validator';
import { compose, Nullable, Optional, Text } from '../../../core/validation/decorators.js';
import { canonicalName, IsPathSegment, Name } from '../../../core/validation/name.js';

const CHARACTERS_MAX = 64;

/** The spelling that a tag is stored in. Before names needed a visible character, a tag could be of blanks. */
export function canonicalTagName(text: string): string {
  return canonicalName(text, CHARACTERS_MAX) || text;
}

export function IsTagName(): PropertyDecorator {
  return compose(IsPathSegment(), Name(CHARACTERS_MAX));
}

/** The whole tag: what is left out has its default. */
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
