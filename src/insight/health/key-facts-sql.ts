import type { Limits } from '../../core/config/config.js';
import { IS_NOT_OVER, KEY_STATE, keyLimitsSql } from '../../tenancy/api-keys/key-sql.js';
import { SCOPES_COUNTED_SINCE } from '../scope-use/counted-since-sql.js';
import { activitySql } from './activity-sql.js';
import { KEY_FINDINGS, type KeyFinding } from './key-findings.js';

/** The share of a limit from which a key counts as near it. */
const NEAR_LIMIT = 0.8;

/** What is too early to judge the scopes of a key: when it was made, and when this installation began to count. */
const SCOPES_OBSERVED_SINCE = `greatest(created_at, ${SCOPES_COUNTED_SINCE})`;

const OLD_CREDENTIAL_WORKS = `EXISTS (
  SELECT FROM key_credentials JOIN credential_uses ON credential_id = key_credentials.id
  WHERE key_credentials.key_id = facts.id AND at > rotated_at AND ${IS_NOT_OVER})`;

/** Found in public, and not replaced or stopped since. Browsers hold keys of the type `client` in public. */
const EXPOSED_CREDENTIAL_WORKS = `EXISTS (
  SELECT FROM key_exposures JOIN key_credentials ON key_credentials.id = credential_id
  WHERE key_exposures.key_id = facts.id AND ended_at IS NULL AND (retires_at IS NULL OR retires_at > now()))`;

/** SQL conditions over a row named `facts`. */
const CONDITIONS: Readonly<Record<KeyFinding, string>> = {
  exposed: `type <> 'client' AND ${EXPOSED_CREDENTIAL_WORKS}`,
  mostly_denied: 'denied_7_days > requests_7_days - denied_7_days',
  near_limit: `(limited_7_days > 0 OR busiest_hour >= ${NEAR_LIMIT} * limit_per_hour)`,
  old_credential_in_use: `(replaced_7_days > 0 OR ${OLD_CREDENTIAL_WORKS})`,
  expiring: `expires_at < now() + interval '14 days'`,
  // A key that used no scope is unused, which is a finding of its own.
  wider_than_used: `used_scopes <> '{}' AND NOT scopes <@ used_scopes
    AND ${SCOPES_OBSERVED_SINCE} <= now() - interval '30 days'`,
  full_access: `type = 'standard' AND scopes IS NULL`,
  never_used: 'last_used_at IS NULL',
  idle_90: `last_used_at <= now() - interval '90 days'`,
  idle_30: `last_used_at <= now() - interval '30 days'`,
  never_expires: 'expires_at IS NULL',
};

/**
 * A subquery: the columns of keys with their activity, their limits, and `findings` as text[].
 * @param keys SQL: a table or subquery named `api_keys` with all its columns, and with keys of orgs only
 * @param hours `new`: quick for many keys, and at most an hour late in forgetting what is older than 7 and 30 days
 */
export function keyFactsSql(limits: Limits, keys: string, hours: 'all' | 'new'): string {
  const { perMinute, perHour } = keyLimitsSql(limits);
  const found = KEY_FINDINGS.map((code) => `CASE WHEN ${CONDITIONS[code]} THEN '${code}' END`);
  return `(
    SELECT facts.*,
      CASE state WHEN 'active' THEN array_remove(ARRAY[${found.join(', ')}], NULL) ELSE '{}' END AS findings
    FROM (
      SELECT *, ${KEY_STATE} AS state, ${perMinute} AS limit_per_minute, ${perHour} AS limit_per_hour
      FROM ${activitySql(keys, hours)} active
    ) facts
  )`;
}
