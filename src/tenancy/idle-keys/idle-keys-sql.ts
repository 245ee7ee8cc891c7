import { lastUsedSql } from '../../kit/usage/usage-sql.js';
import { idleDaysSql, issuedAtSql } from '../key-policies/broken-rules-sql.js';

/** Small enough for the statement timeout. */
const KEYS_PER_BATCH = 5_000;

/**
 * SQL over rows `keys` and `orgs`: since when a key is idle. A key that was created, resumed or rotated recently isn't idle,
 * even if it was not used since.
 */
export const IDLE_SINCE = `greatest(keys.created_at, keys.resumed_at, orgs.resumed_at, ${issuedAtSql('keys.id')},
  ${lastUsedSql('keys.id')})`;

/** Counts hours, because a local day can have 23 or 25. Some minutes more, because uses are stored a little later. */
const IS_IDLE = `(keys.revoked_at IS NULL AND keys.suspended_at IS NULL
  AND (keys.expires_at IS NULL OR keys.expires_at > now()) AND orgs.archived_at IS NULL AND orgs.suspended_at IS NULL
  AND ${IDLE_SINCE} <= now() - ${idleDaysSql('keys.org_id', 'orgs.partner_id')} * interval '24 hours' - interval '5 minutes')`;

export interface IdleBatch {
  /** The last key that was looked at; null: there are no more. */
  readonly last: { readonly org_id: string; readonly id: string } | null;
  /** The idle ones by org. */
  readonly idle: readonly { readonly org_id: string; readonly ids: readonly string[] }[];
}

/** An `IdleBatch`: the keys after the key $2 of the org $1. */
export const IDLE_BATCH = `
  WITH batch AS MATERIALIZED (
    SELECT keys.org_id, keys.id, ${IS_IDLE} AS is_idle
    FROM api_keys keys JOIN orgs ON orgs.id = keys.org_id
    WHERE (keys.org_id, keys.id) > ($1::uuid, $2::uuid) ORDER BY keys.org_id, keys.id LIMIT ${KEYS_PER_BATCH}
  )
  SELECT (SELECT json_build_object('org_id', org_id, 'id', id) FROM batch ORDER BY org_id DESC, id DESC LIMIT 1) AS last,
    (SELECT coalesce(json_agg(found), '[]') FROM (
      SELECT org_id, array_agg(id ORDER BY id) AS ids FROM batch WHERE is_idle GROUP BY org_id
    ) found) AS idle`;

/** Locks the keys $2 of the org $1, in the order of every change of several keys. */
export const LOCK_KEYS = 'SELECT FROM api_keys WHERE org_id = $1 AND id = ANY ($2::uuid[]) ORDER BY id FOR UPDATE';

/** Those of the keys $2 of the org $1 that are idle. */
export const STILL_IDLE = `
  SELECT keys.id FROM api_keys keys JOIN orgs ON orgs.id = keys.org_id
  WHERE keys.org_id = $1 AND keys.id = ANY ($2::uuid[]) AND ${IS_IDLE}`;
