import { applyDecorators } from '@nestjs/common';
import { ArrayMaxSize, IsArray, IsIn, IsInt, IsObject, IsString, Max, Min } from 'class-validator';
import { ALLOWED_ORIGINS_MAX } from '../../access/network/allowed-origins.js';
import { ALLOWED_IPS_MAX } from '../../access/network/ip-allow-list.js';
import { ANY_SCOPE } from '../../access/scopes/scope-schemas.js';
import {
  Absentable,
  Clearable,
  Id,
  IsInstant,
  Nested,
  Nullable,
  Optional,
  Text,
} from '../../core/validation/decorators.js';
import { Name } from '../../core/validation/name.js';
import { About, Field } from '../../core/wire/field.js';
import { listOf, nullable } from '../../core/wire/schema.js';
import {
  KEY_ACCESSES,
  KEY_FORMATS,
  KEY_KINDS,
  KEY_TYPES,
  type KeyAccess,
  type KeyFormat,
  type KeyKind,
  type KeyType,
} from './api-key.entity.js';
import { ExternalId, KeyLabelsDto, MetadataChange, Tags } from './key-labels.dto.js';

// The lowest decorator runs first, and the client gets the first problem.
export class RateLimitDto {
  @Absentable()
  @Max(1_000_000_000)
  @Min(1)
  @IsInt()
  per_minute?: number | null;

  @Absentable()
  @Max(1_000_000_000)
  @Min(1)
  @IsInt()
  per_hour?: number | null;
}

/** The settings of all requests that create a key. Null means absent. */
export class KeySettingsDto extends KeyLabelsDto {
  @About('What the key may do: scopes of `GET /manage/v1/scopes`.')
  @Field(nullable(listOf(ANY_SCOPE)))
  @Absentable()
  @Texts()
  scopes?: string[] | null;

  @About('When it stops working; left out, never.')
  @Absentable()
  @IsInstant()
  expires_at?: string | null;

  @About('Addresses and CIDR ranges that it works from; left out or empty, any.')
  @Absentable()
  @Texts(ALLOWED_IPS_MAX)
  allowed_ips?: string[] | null;

  // An array would pass as an object without settings.
  @Absentable()
  @IsObject()
  @Nested(() => RateLimitDto)
  rate_limit?: RateLimitDto | null;
}

/** A request for a new key; `validateNewKey` checks combinations of fields. */
abstract class NewKeyDto extends KeySettingsDto {
  @Absentable()
  @Text(0, 500)
  description?: string | null;

  @Optional()
  @IsIn(KEY_KINDS)
  kind: KeyKind = 'bearer';

  @Optional()
  @IsIn(KEY_TYPES)
  type: KeyType = 'standard';

  @Absentable()
  @IsIn(KEY_ACCESSES)
  access?: KeyAccess | null;

  @About('The agent of a key with a secret.')
  @Absentable()
  @Id()
  agent_id?: string | null;

  @Absentable()
  @Texts(ALLOWED_ORIGINS_MAX)
  allowed_origins?: string[] | null;
}

/** `POST /partner/v1/orgs/:orgId/api-keys` (S1). */
export class CreatePartnerKeyDto extends NewKeyDto {
  @About('What the key may do; left out, everything, unless it has a secret or a type.')
  override scopes?: string[] | null;

  @About('Defaults to `Default`.')
  @Absentable()
  @Name(100)
  name?: string | null;

  @About(
    'Of the credential: a JWT, which is the default, or random characters. Keys with a secret or a type are opaque.',
  )
  @Absentable()
  @IsIn(KEY_FORMATS)
  format?: KeyFormat | null;
}

/** `POST /manage/v1/api-keys` (S0, S2, S3, S4). */
export class CreateApiKeyDto extends NewKeyDto {
  @Name(100)
  name: string;
}

/** An omitted field stays; null sets the default. A typed key takes name, description and labels only (S4). */
export class UpdateApiKeyDto {
  @Optional()
  @Name(100)
  name?: string;

  @Optional()
  @Nullable()
  @Text(0, 500)
  description?: string | null;

  @Optional()
  @IsIn(KEY_ACCESSES)
  access?: KeyAccess;

  @Field(listOf(ANY_SCOPE))
  @Optional()
  @Texts()
  scopes?: string[];

  @Optional()
  @Nullable()
  @IsInstant()
  expires_at?: string | null;

  @Optional()
  @Texts(ALLOWED_IPS_MAX)
  allowed_ips?: string[];

  @Optional()
  @Nullable()
  @IsObject()
  @Nested(() => RateLimitDto)
  rate_limit?: RateLimitDto | null;

  @About(
    'Merged with the pairs that the key has (RFC 7396): null removes one. Null in place of the object removes all.',
  )
  @Clearable(MetadataChange())
  metadata?: Record<string, string | null> | null;

  @About('Replaces the tags that the key has.')
  @Clearable(Tags())
  tags?: string[] | null;

  @About('Your own id of the key, unique among the keys of the org that are not revoked.')
  @Clearable(ExternalId())
  external_id?: string | null;
}

const DAY_SECONDS = 86_400;

export class RotateApiKeyDto {
  @About('How long the old credential goes on working; up to a week.')
  @Optional()
  @Max(7 * DAY_SECONDS)
  @Min(0)
  @IsInt()
  grace_seconds: number = DAY_SECONDS;

  @About('What the seconds are counted from: the rotation, or the first request with the new credential.')
  @Optional()
  @IsIn(['now', 'first_use'])
  overlap_from: 'now' | 'first_use' = 'now';
}

/** A list of strings. */
export function Texts(entriesMax?: number): PropertyDecorator {
  const rules = [IsArray(), ...(entriesMax === undefined ? [] : [ArrayMaxSize(entriesMax)]), IsString({ each: true })];
  return applyDecorators(...rules);
}
