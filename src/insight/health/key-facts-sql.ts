import type { Limits } from '../../core/config/config.js';
import { lastUsedSql } from '../../kit/usage/usage-sql.js';
import { KEY_STATE, keyLimitsSql } from '../../tenancy/api-keys/key-sql.js';
import { KEY_FINDINGS, type KeyFinding } from './key-findings.js';

/** The share of a limit from which a key counts as near it. */
const NEAR_LIMIT = 0.8;

/** SQL conditions over a row of `factsSql`. */
const CONDITIONS: Readonly<Record<KeyFinding, string>> = {
  mostly_denied: 'denied_7_days > requests_7_days - denied_7_days',
  near_limit: `peak_hour >= ${NEAR_LIMIT} * limit_per_hour`,
  old_credential_in_use: 'false',
  expiring: `expires_at < now() + interval '14 days'`,
  wider_than_used: 'false',
  full_access: `type = 'standard' AND scopes IS NULL`,
  never_used: 'last_used_at IS NULL',
  idle_90: `last_used_at <= now() - interval '90 days'`,
  idle_30: `last_used_at <= now() - interval '30 days'`,
  never_expires: 'expires_at IS NULL',
};

/**
 * A subquery: the columns of keys and what their findings follow from.
 * @param keys SQL after FROM that selects rows of `api_keys`
 */
function factsSql(limits: Limits, keys: string): string {
  return `(
    SELECT api_keys.*, ${KEY_STATE} AS state, ${keyLimitsSql(limits).perHour} AS limit_per_hour,
      ${lastUsedSql('api_keys.id')} AS last_used_at, recent.*
    FROM ${keys}, LATERAL (
      SELECT coalesce(sum(requests), 0) AS requests_30_days, coalesce(sum(refused), 0) AS denied_30_days,
        coalesce(sum(requests) FILTER (WHERE is_last_7), 0) AS requests_7_days,
        coalesce(sum(refused) FILTER (WHERE is_last_7), 0) AS denied_7_days,
        max(requests - refused) FILTER (WHERE is_last_7) AS peak_hour
      FROM (
        SELECT requests, refused, hour > date_trunc('hour', now(), 'UTC') - interval '168 hours' AS is_last_7
        FROM key_usage WHERE key_id = api_keys.id AND hour > date_trunc('hour', now(), 'UTC') - interval '720 hours'
      ) hours
    ) recent
  )`;
}

/** A subquery: the rows of `factsSql` with `findings` as text[]. */
export function findingsSql(limits: Limits, keys: string): string {
  const found = KEY_FINDINGS.map((code) => `CASE WHEN ${CONDITIONS[code]} THEN '${code}' END`);
  return `(
    SELECT facts.*,
      CASE state WHEN 'active' THEN array_remove(ARRAY[${found.join(', ')}], NULL) ELSE '{}' END AS findings
    FROM ${factsSql(limits, keys)} facts
  )`;
}
