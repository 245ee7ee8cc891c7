import { IsBoolean, IsIn, IsInt, Max, Min } from 'class-validator';
import { DateRangeQuery } from '../../../kit/lists/date-range.js';
import { check, Id, Nullable, Optional, Text } from '../../../core/validation/decorators.js';
import { Field } from '../../../core/wire/field.js';
import { BOOLEAN, INTEGER, mapOf, nullable } from '../../../core/wire/schema.js';
import { CHANNELS, type Channel } from '../chat-sessions/channels.js';

export class SubmitScoreDto {
  @Id()
  session_id: string;

  @Min(1)
  @Max(5)
  @IsInt()
  score: number;

  @Optional()
  @Nullable()
  @Text(0, 1_000)
  comment: string | null = null;
}

export class CsatSummaryQuery extends DateRangeQuery {
  @Optional()
  @IsIn(CHANNELS)
  channel?: Channel;
}

const SCORES = ['1', '2', '3', '4', '5'];

export class CsatSummary {
  @Field(INTEGER)
  count: number;

  /** Null without scores. */
  @Field(nullable({ type: 'number' }))
  average: number | null;

  @Field({ type: 'object', required: SCORES, properties: Object.fromEntries(SCORES.map((score) => [score, INTEGER])) })
  distribution: Record<string, number>;
}

export class PutCsatSettingsDto {
  @IsBoolean()
  auto_send: boolean;

  @IsIn([0, 5, 15, 60])
  delay_minutes: number;

  @check('channels', isSwitches, 'must be an object of booleans by channel', { schema: mapOf(BOOLEAN) })
  channels: Partial<Record<Channel, boolean>>;
}

function isSwitches(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const isSwitch = ([channel, isOn]: [string, unknown]) =>
    (CHANNELS as readonly string[]).includes(channel) && typeof isOn === 'boolean';
  return Object.entries(value).every(isSwitch);
}
