import type { Limits } from '../../core/config/config.js';
import { instantAsText } from '../../core/database/row-as-json.js';

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

const TIMES = ['created_at', 'expires_at', 'suspended_at', 'revoked_at'];

/** SQL of a SELECT over a row of `api_keys` of an org: the key as its managers see it, without its usage. */
export function keyFactsSql(limits: Limits): string {
  const { perMinute, perHour } = keyLimitsSql(limits);
  return `
    SELECT id, name, description, kind, type,
      CASE WHEN scopes IS NULL THEN 'full' ELSE 'scoped' END AS access, coalesce(scopes, '{}') AS scopes,
      agent_id, masked_key, allowed_ips, allowed_origins, metadata, tags, external_id, revision,
      json_build_object('per_minute', ${perMinute}, 'per_hour', ${perHour}) AS rate_limit,
      ${KEY_STATE} AS state, acknowledged_at IS NOT NULL AS acknowledged,
      json_build_object('type', created_by_type, 'id', created_by_id, 'name', created_by_name) AS created_by,
      ${TIMES.map((column) => `${instantAsText(column)} AS ${column}`).join(', ')}, suspension_reason`;
}
