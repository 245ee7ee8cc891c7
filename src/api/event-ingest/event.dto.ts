import { Matches } from 'class-validator';
import { Field } from '../../core/wire/field.js';
import { UUID } from '../../core/wire/schema.js';
import { Absentable, IsInstant, Text } from '../../core/validation/decorators.js';
import { IsJsonObject } from '../../core/validation/field-types.js';

const DATA_BYTES_MAX = 64 * 1024;

/** Body of `POST /events` [S4]. */
export class PostEventDto {
  @Text(1, 100)
  @Matches(/^[A-Za-z][A-Za-z0-9_.-]*$/, {
    message: '$property must begin with a letter and have letters, digits, dots, dashes and underscores only',
  })
  event: string;

  @Absentable()
  @Text(1, 255)
  agent_id?: string | null;

  @Absentable()
  @Text(1, 255)
  crm_id?: string | null;

  @Absentable()
  @IsInstant()
  occurred_at?: string | null;

  @Absentable()
  @IsJsonObject(DATA_BYTES_MAX)
  data?: object | null;
}

export class PostedEvent {
  @Field(UUID)
  id: string;
}
