import type { Limits } from '../../core/config/config.js';

/** SQL over a row of `api_keys`: the key's state. */
export const KEY_STATE = `CASE
  WHEN revoked_at IS NOT NULL THEN 'revoked' WHEN expires_at <= now() THEN 'expired' ELSE 'active' END`;

/** SQL over a row of `api_keys` of an org: the key's own rate limits, or the defaults. */
export function keyLimitsSql(limits: Limits): { readonly perMinute: string; readonly perHour: string } {
  const limit = (column: string, ofAgent: number, ofOrg: number) =>
    `coalesce(${column}, CASE kind WHEN 'key_secret' THEN ${ofAgent} ELSE ${ofOrg} END)`;
  return {
    perMinute: limit('rate_per_minute', limits.agentKeyPerMinute, limits.orgKeyPerMinute),
    perHour: limit('rate_per_hour', limits.agentKeyPerHour, limits.orgKeyPerHour),
  };
}
