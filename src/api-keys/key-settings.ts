import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsInt, IsObject, IsString, Max, Min, ValidateNested } from 'class-validator';
import { ALLOWED_IPS_MAX, judgeAllowedIps } from '../access/ip-allow-list.js';
import type { ScopedAudience } from '../access/scope-catalogue.js';
import { judgeScopes } from '../access/scopes.js';
import type { Limits } from '../config/config.js';
import { invalidField, invalidRequest } from '../errors/app-error.js';
import { Absentable, IsInstant, Text } from '../validation/decorators.js';

// The lowest decorator is asked first, and the first refusal is what the client reads.
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

/** The settings that every way of making a key offers. Null means absent. */
export class KeySettingsDto {
  @Absentable()
  @Text(1, 100)
  name?: string | null;

  @Absentable()
  @IsArray()
  @IsString({ each: true })
  scopes?: string[] | null;

  @Absentable()
  @IsInstant()
  expires_at?: string | null;

  @Absentable()
  @IsArray()
  @ArrayMaxSize(ALLOWED_IPS_MAX)
  @IsString({ each: true })
  allowed_ips?: string[] | null;

  // A list would be taken for settings that say nothing.
  @Absentable()
  @IsObject()
  @ValidateNested()
  @Type(() => RateLimitDto)
  rate_limit?: RateLimitDto | null;
}

/** The columns that hold them. */
export interface KeySettings {
  readonly scopes: string[] | null;
  readonly expires_at: Date | null;
  readonly allowed_ips: string[];
  readonly rate_per_minute: number | null;
  readonly rate_per_hour: number | null;
}

/**
 * Settings as asked for → as stored.
 * @throws AppError invalid_request (400) naming each scope, address, limit or date that can't be
 */
export function judgeKeySettings(dto: KeySettingsDto, audience: ScopedAudience, limits: Limits): KeySettings {
  return {
    scopes: dto.scopes ? scopesOrThrow(dto.scopes, audience) : null,
    expires_at: dto.expires_at ? futureOrThrow(dto.expires_at) : null,
    allowed_ips: dto.allowed_ips ? allowedIpsOrThrow(dto.allowed_ips) : [],
    rate_per_minute: withinOrThrow(dto.rate_limit?.per_minute, 'rate_limit.per_minute', limits.ceilingPerMinute),
    rate_per_hour: withinOrThrow(dto.rate_limit?.per_hour, 'rate_limit.per_hour', limits.ceilingPerHour),
  };
}

function scopesOrThrow(scopes: readonly string[], audience: ScopedAudience): string[] {
  const judged = judgeScopes(audience, scopes);
  if ('problems' in judged) throw invalidRequest(judged.problems.map((message) => ({ field: 'scopes', message })));
  return judged.scopes;
}

/** @throws AppError invalid_request (400) naming each entry that can't be */
export function allowedIpsOrThrow(entries: readonly string[]): string[] {
  const judged = judgeAllowedIps(entries);
  if ('problems' in judged) throw invalidRequest(judged.problems.map((message) => ({ field: 'allowed_ips', message })));
  return judged.entries;
}

function futureOrThrow(instant: string): Date {
  const date = new Date(instant);
  if (!(date.getTime() > Date.now())) throw invalidField('expires_at', 'expires_at must be in the future');
  return date;
}

function withinOrThrow(value: number | null | undefined, field: string, ceiling: number): number | null {
  if (value != null && value > ceiling) throw invalidField(field, `${field} must not be greater than ${ceiling}`);
  return value ?? null;
}
