import { IsBoolean } from 'class-validator';
import { Nullable, Optional, Text } from '../../validation/decorators.js';

/** The whole tag: what is left out has its default. */
export class PutTagDto {
  @Text(1, 64)
  tag_name: string;

  @Optional()
  @Nullable()
  @Text(0, 160)
  description: string | null = null;

  @Optional()
  @IsBoolean()
  exclude_from_auto_tagging: boolean = false;
}
