import { ArrayMaxSize, IsArray, IsIn, IsInt, IsUUID, Max, Min } from 'class-validator';
import type { OrgScope } from '../../../access/scopes/scope-catalogue.js';
import { ArrayUnique } from '../../../core/validation/array-unique.js';
import { Id, Nullable, Optional } from '../../../core/validation/decorators.js';
import { RequiresValueOf } from '../../../core/validation/field-groups.js';
import { IsCustomData } from '../../../core/validation/field-types.js';
import { MaxLength, MinLength } from '../../../core/validation/text-length.js';
import { INTEGER, listOf, mapOf, nullable, oneOf, type Schema, TEXT, UUID } from '../../../core/wire/schema.js';
import { CHANNELS, type Channel } from '../chat-sessions/channels.js';

const SECONDS_MIN = 60;
const SECONDS_MAX = 7_776_000;
const ENTRIES_MAX = 50;

/** Seconds within the office hours. At least one target is required. */
@RequiresValueOf('first_reply_seconds', 'resolution_seconds')
export class SlaTargets {
  @Optional()
  @Nullable()
  @Max(SECONDS_MAX)
  @Min(SECONDS_MIN)
  @IsInt()
  first_reply_seconds?: number | null;

  @Optional()
  @Nullable()
  @Max(SECONDS_MAX)
  @Min(SECONDS_MIN)
  @IsInt()
  resolution_seconds?: number | null;
}

/** A session must match every condition, and one value of each list. */
export class SlaConditions {
  @Optional()
  @IsIn(CHANNELS, { each: true })
  @ArrayUnique()
  @ArrayMaxSize(CHANNELS.length)
  @IsArray()
  channels?: Channel[];

  @Optional()
  @MaxLength(64, { each: true })
  @MinLength(1, { each: true })
  @ArrayMaxSize(ENTRIES_MAX)
  @IsArray()
  tags?: string[];

  @Optional()
  @Id({ each: true })
  @IsUUID('all', { each: true })
  @ArrayMaxSize(ENTRIES_MAX)
  @IsArray()
  team_ids?: string[];

  @Optional()
  @IsCustomData()
  contact_custom_data?: Record<string, string>;
}

/** The scopes that a key needs for conditions: those of the routes that show the same data. */
const CONDITION_SCOPES: Readonly<Record<keyof SlaConditions, readonly OrgScope[]>> = {
  channels: [],
  tags: [],
  team_ids: [],
  contact_custom_data: ['contacts:read'],
};

export function scopesOfConditions(conditions: SlaConditions = {}): OrgScope[] {
  const asked = Object.keys(CONDITION_SCOPES) as (keyof SlaConditions)[];
  return asked.filter((name) => conditions[name] !== undefined).flatMap((name) => CONDITION_SCOPES[name]);
}

export const TARGETS: Schema = {
  type: 'object',
  properties: { first_reply_seconds: nullable(INTEGER), resolution_seconds: nullable(INTEGER) },
};
export const CONDITIONS: Schema = {
  type: 'object',
  properties: {
    channels: listOf(oneOf(CHANNELS)),
    tags: listOf(TEXT),
    team_ids: listOf(UUID),
    contact_custom_data: mapOf(TEXT),
  },
};
