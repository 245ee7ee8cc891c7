import { validateAllowedIps } from '../../access/network/ip-allow-list.js';
import type { CatalogueEntry, ScopedAudience } from '../../access/scopes/scope-catalogue.js';
import { scopesOrThrow } from '../../access/scopes/scopes.js';
import type { Limits } from '../../core/config/config.js';
import { invalidField, invalidRequest } from '../../core/errors/invalid-request.js';
import type { ApiKey } from './api-key.entity.js';
import { type KeyLabels, labelsOf } from './key-labels.js';
import type { KeySettingsDto, RateLimitDto } from './key-settings.dto.js';

/** The columns of the settings. */
export type KeySettings = KeyLabels &
  Pick<ApiKey, 'scopes' | 'expires_at' | 'allowed_ips' | 'rate_per_minute' | 'rate_per_hour'>;

/** What the settings of keys depend on. */
export interface KeyRules {
  readonly limits: Limits;
  /** The scopes that keys can be granted. */
  readonly catalogue: readonly CatalogueEntry[];
}

/**
 * Validates settings.
 * @returns their columns
 * @throws AppError invalid_request (400) naming each invalid scope, address, limit and date
 */
export function validateKeySettings(dto: KeySettingsDto, audience: ScopedAudience, rules: KeyRules): KeySettings {
  const { rate_per_minute = null, rate_per_hour = null } = ratesOrThrow(dto.rate_limit ?? {}, rules.limits);
  return {
    scopes: dto.scopes ? scopesOrThrow(dto.scopes, audience, rules.catalogue) : null,
    expires_at: dto.expires_at ? futureOrThrow(dto.expires_at) : null,
    allowed_ips: dto.allowed_ips ? allowedIpsOrThrow(dto.allowed_ips) : [],
    rate_per_minute,
    rate_per_hour,
    ...labelsOf(dto),
  };
}

/** @throws AppError invalid_request (400) naming each invalid entry */
export function allowedIpsOrThrow(entries: readonly string[]): string[] {
  const result = validateAllowedIps(entries);
  if ('problems' in result) throw invalidRequest(result.problems.map((message) => ({ field: 'allowed_ips', message })));
  return result.entries;
}

/** @throws AppError invalid_request (400) */
export function futureOrThrow(instant: string): Date {
  const date = new Date(instant);
  if (!(date.getTime() > Date.now())) throw invalidField('expires_at', 'expires_at must be in the future');
  return date;
}

/** Omitted limits are undefined. @throws AppError invalid_request (400) naming a limit above the ceiling */
export function ratesOrThrow({ per_minute, per_hour }: RateLimitDto, limits: Limits) {
  assertWithin(per_minute, 'rate_limit.per_minute', limits.ceilingPerMinute);
  assertWithin(per_hour, 'rate_limit.per_hour', limits.ceilingPerHour);
  return { rate_per_minute: per_minute, rate_per_hour: per_hour };
}

function assertWithin(value: number | null | undefined, field: string, ceiling: number): void {
  if (value != null && value > ceiling) throw invalidField(field, `${field} must not be greater than ${ceiling}`);
}
