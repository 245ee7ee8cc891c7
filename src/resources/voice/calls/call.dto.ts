import { ArrayMaxSize, IsArray, IsIn, IsInt, IsUrl, Max, Min } from 'class-validator';
import { ArrayUnique } from '../../../core/validation/array-unique.js';
import { Id, IsInstant, NestedList, Nullable, Optional, Text } from '../../../core/validation/decorators.js';
import { IsE164 } from '../../../core/validation/field-types.js';
import { MaxLength, MinLength } from '../../../core/validation/text-length.js';
import { About } from '../../../core/wire/field.js';
import { CALL_DIRECTIONS, CALL_STATUSES, type CallDirection, type CallStatus, SPEAKERS } from './call.entity.js';

const DAY_SECONDS = 86_400;
const TURNS_MAX = 1_000;
const RECORDING = { protocols: ['http', 'https'], require_protocol: true, require_tld: false };

class NewSpokenText {
  @IsIn(SPEAKERS)
  role: (typeof SPEAKERS)[number];

  @Text(1, 10_000)
  text: string;
}

export class CreateCallDto {
  @Id()
  agent_id: string;

  @IsIn(CALL_DIRECTIONS)
  direction: CallDirection;

  @About('The other party, in E.164 format.')
  @IsE164()
  caller: string;

  @Optional()
  @IsIn(CALL_STATUSES)
  status: CallStatus = 'answered';

  @Optional()
  @Max(DAY_SECONDS)
  @Min(0)
  @IsInt()
  duration_seconds: number = 0;

  @Optional()
  @NestedList(() => NewSpokenText)
  @ArrayMaxSize(TURNS_MAX)
  @IsArray()
  transcript: NewSpokenText[] = [];

  @About('Where the recording is.', { storedOnly: 'Only programs that use this API read it.' })
  @Optional()
  @Nullable()
  @IsUrl(RECORDING)
  @Text(1, 2_048)
  recording_url: string | null = null;

  @About('Defaults to now.')
  @Optional()
  @IsInstant()
  started_at?: string;
}

/** Only what is learned after the call can change. */
export class UpdateCallDto {
  @Optional()
  @IsIn(CALL_STATUSES)
  status?: CallStatus;

  @Optional()
  @Nullable()
  @Text(0, 10_000)
  summary?: string | null;

  @Optional()
  @MaxLength(64, { each: true })
  @MinLength(1, { each: true })
  @ArrayUnique()
  @ArrayMaxSize(20)
  @IsArray()
  tags?: string[];
}
