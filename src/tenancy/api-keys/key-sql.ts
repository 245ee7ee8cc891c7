import type { Limits } from '../../core/config/config.js';

/** SQL over a row of `api_keys`: the key's state. */
export const KEY_STATE = `CASE
  WHEN revoked_at IS NOT NULL THEN 'revoked' WHEN expires_at <= now() THEN 'expired'
  WHEN suspended_at IS NOT NULL THEN 'suspended' ELSE 'active' END`;

/** The states that lists filter by. Inactive: all but active. */
export const KEY_STATE_FILTERS = ['active', 'inactive', 'suspended'] as const;
export type KeyStateFilter = (typeof KEY_STATE_FILTERS)[number];

/** SQL over a row of `api_keys`: whether a filter takes the key. @param filter SQL of a `KeyStateFilter` */
export function isInStateSql(filter: string): string {
  return `CASE ${filter}::text WHEN 'inactive' THEN ${KEY_STATE} <> 'active' ELSE ${KEY_STATE} = ${filter}::text END`;
}

/** SQL over a row of `key_credentials`: it is the newest one, or its grace period is not over. */
export const IS_NOT_OVER = `key_credentials.ended_at IS NULL
  AND (key_credentials.retires_at IS NULL OR key_credentials.retires_at > now())`;

/** SQL over a row of `api_keys` of an org: the key's own rate limits, or the defaults. */
export function keyLimitsSql(limits: Limits): { readonly perMinute: string; readonly perHour: string } {
  const limit = (column: string, ofAgent: number, ofOrg: number) =>
    `coalesce(${column}, CASE kind WHEN 'key_secret' THEN ${ofAgent} ELSE ${ofOrg} END)`;
  return {
    perMinute: limit('rate_per_minute', limits.agentKeyPerMinute, limits.orgKeyPerMinute),
    perHour: limit('rate_per_hour', limits.agentKeyPerHour, limits.orgKeyPerHour),
  };
}
