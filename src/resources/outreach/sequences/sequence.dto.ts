import { applyDecorators } from '@nestjs/common';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsBoolean, IsObject } from 'class-validator';
import { Nested, NestedList, Nullable, Optional, Text } from '../../../core/validation/decorators.js';
import { IsPathSegment, Name } from '../../../core/validation/name.js';
import { Field, partOf } from '../../../core/wire/field.js';
import { UUID } from '../../../core/wire/schema.js';
import { ContactReference } from '../../directory/contacts/contact-reference.dto.js';
import { Sequence } from './sequence.entity.js';
import { SequenceFilterDto } from './sequence-filter.js';
import { SequenceStepDto } from './sequence-steps.js';

export class CreateSequenceDto {
  @Optional()
  @Name(100)
  name: string = 'New Sequence';

  @Optional()
  @Nullable()
  @IsPathSegment()
  @Text(1, 50)
  custom_id: string | null = null;

  @Optional()
  @IsBoolean()
  is_continuous: boolean = true;

  @Nullable()
  @IsFilter()
  filter: SequenceFilterDto | null;

  @AreSteps()
  steps: SequenceStepDto[];
}

export class UpdateSequenceDto {
  @Optional()
  @Name(100)
  name?: string;

  @Optional()
  @Nullable()
  @IsPathSegment()
  @Text(1, 50)
  custom_id?: string | null;

  @Optional()
  @IsBoolean()
  is_continuous?: boolean;

  @Optional()
  @Nullable()
  @IsFilter()
  filter?: SequenceFilterDto | null;

  @Optional()
  @AreSteps()
  steps?: SequenceStepDto[];
}

export class AddContactsDto {
  @NestedList(() => ContactReference)
  @ArrayMaxSize(1_000)
  @ArrayMinSize(1)
  @IsArray()
  contacts: ContactReference[];
}

export class CreatedSequence extends partOf(Sequence, 'id') {}

export class StartedSequenceRun {
  @Field(UUID)
  run_id: string;
}

function IsFilter(): PropertyDecorator {
  return applyDecorators(
    Nested(() => SequenceFilterDto),
    IsObject(),
  );
}

function AreSteps(): PropertyDecorator {
  return applyDecorators(
    NestedList(() => SequenceStepDto),
    ArrayMaxSize(50),
    ArrayMinSize(1),
    IsArray(),
  );
}
