import { lastUsedSql } from '../../kit/usage/usage-sql.js';
import { IDLE_SINCE } from '../../tenancy/idle-keys/idle-keys-sql.js';
import { idleDaysSql } from '../../tenancy/key-policies/broken-rules-sql.js';
import { contactedPartnerSql } from './new-notices.js';

/** A policy of fewer than twice as many days warns halfway. */
export const WARNING_DAYS = 7;
/** Small enough for the statement timeout. */
const KEYS_PER_BATCH = 5_000;

/** An idle key that a policy is about to suspend. */
export interface SoonSuspended {
  readonly id: string;
  readonly org_id: string;
  readonly name: string;
  readonly partner_id: string | null;
  readonly last_used_at: string | null;
  readonly suspends_at: string;
}

export interface SoonSuspendedBatch {
  /** The last key that was looked at; null: there are no more. */
  readonly last: { readonly org_id: string; readonly id: string } | null;
  readonly soon: readonly SoonSuspended[];
}

/** A `SoonSuspendedBatch`: the keys after the key $2 of the org $1 that are to be announced at $3. */
export const SOON_SUSPENDED = `
  WITH batch AS MATERIALIZED (
    SELECT keys.org_id, keys.id, keys.name, orgs.partner_id, policy.days,
      CASE WHEN policy.days IS NOT NULL AND keys.revoked_at IS NULL AND keys.suspended_at IS NULL
        AND (keys.expires_at IS NULL OR keys.expires_at > $3) AND orgs.archived_at IS NULL AND orgs.suspended_at IS NULL
        THEN ${IDLE_SINCE} + policy.days * interval '24 hours' END AS suspends_at
    FROM api_keys keys JOIN orgs ON orgs.id = keys.org_id
    CROSS JOIN LATERAL (SELECT ${idleDaysSql('keys.org_id', 'orgs.partner_id')} AS days) policy
    WHERE (keys.org_id, keys.id) > ($1::uuid, $2::uuid) ORDER BY keys.org_id, keys.id LIMIT ${KEYS_PER_BATCH}
  )
  SELECT (SELECT json_build_object('org_id', org_id, 'id', id) FROM batch ORDER BY org_id DESC, id DESC LIMIT 1) AS last,
    (SELECT coalesce(json_agg(found), '[]') FROM (
      SELECT id, org_id, name, ${contactedPartnerSql('batch.partner_id')} AS partner_id, suspends_at,
        ${lastUsedSql('batch.id')} AS last_used_at
      FROM batch
      WHERE suspends_at > $3 AND suspends_at - least(${WARNING_DAYS}, days / 2) * interval '24 hours' <= $3
        AND NOT EXISTS (
          SELECT FROM key_notices WHERE key_id = batch.id AND kind = 'suspension' AND about = suspends_at)
      ORDER BY suspends_at, id
    ) found) AS soon`;
