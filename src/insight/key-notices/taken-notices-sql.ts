import { isManagerOfSql } from '../../tenancy/members/member-directory.js';
import type { NoticeAudience } from './key-notice.entity.js';
import type { NoticedKey } from './notice-digest.js';

/** The most keys that a mail lists; it counts the others. */
export const LISTED_MAX = 50;

export interface TakenKey extends NoticedKey {
  readonly org_id: string;
  readonly language: string;
  /** The member that created it. */
  readonly creator_id: string | null;
  readonly partner: string | null;
  readonly contact_email: string | null;
  /** From 1, most urgent first. */
  readonly place: number;
  /** How many notices are about keys of this creator. */
  readonly of_creator: number;
}

export interface TakenNotices {
  readonly total: number;
  /** The first of the audience and of each creator. */
  readonly keys: readonly TakenKey[];
  readonly results: readonly { readonly kind: string; readonly state: 'mailed' | 'skipped'; readonly count: number }[];
}

/** The next org or partner after $2 with a pending notice. */
export const NEXT_AUDIENCE = `
  SELECT audience_id AS id FROM key_notices
  WHERE audience = $1 AND state = 'pending' AND audience_id > $2
  ORDER BY audience_id LIMIT 1`;

/** What the notice says is still true, and its readers can act on it. */
const IS_CURRENT = `revoked_at IS NULL AND archived_at IS NULL AND orgs.suspended_at IS NULL
  AND partners.is_active IS DISTINCT FROM false
  AND CASE notice.kind WHEN 'expiry' THEN notice.about = api_keys.expires_at AND notice.about > $2
    WHEN 'suspension' THEN api_keys.suspended_at IS NULL AND notice.about > $2 ELSE true END`;

const IS_WANTED: Readonly<Record<NoticeAudience, string>> = {
  org: `CASE notice.kind WHEN 'idle' THEN idle_notices ELSE expiry_notices END`,
  // A contact who manages the org gets the org's mail.
  partner: `contact_email IS NOT NULL AND NOT (expiry_notices AND ${isManagerOfSql('orgs.id', 'contact_email')})`,
};

/**
 * Marks the pending notices of the audience $1 as mailed or skipped at $2, and answers `TakenNotices`. Takes none if the
 * audience got a mail after $3, unless a key has a day left: that notice can't wait for the next one.
 */
function takeSql(audience: NoticeAudience): string {
  const ofAudience = `audience = '${audience}' AND audience_id = $1`;
  return `
    WITH taken AS (
      UPDATE key_notices notice SET state_at = $2,
        state = CASE WHEN ${IS_CURRENT} AND ${IS_WANTED[audience]} THEN 'mailed' ELSE 'skipped' END
      FROM api_keys JOIN orgs ON orgs.id = org_id LEFT JOIN partners ON partners.id = orgs.partner_id
      WHERE ${ofAudience} AND state = 'pending' AND api_keys.id = notice.key_id AND (
        NOT EXISTS (SELECT FROM key_notices WHERE ${ofAudience} AND state = 'mailed' AND state_at > $3)
        OR EXISTS (SELECT FROM key_notices WHERE ${ofAudience} AND state = 'pending'
          AND kind <> 'idle' AND about <= $2::timestamptz + interval '24 hours'))
      RETURNING api_keys.id, api_keys.name, masked_key, notice.kind, notice.about, notice.state,
        orgs.id AS org_id, orgs.name AS org, language, partners.name AS partner, contact_email,
        CASE created_by_type WHEN 'user' THEN created_by_id END AS creator_id
    ), placed AS (
      SELECT *,
        row_number() OVER (ORDER BY kind = 'idle', about, id)::int AS place,
        row_number() OVER (PARTITION BY creator_id ORDER BY kind = 'idle', about, id) AS place_of_creator,
        count(*) OVER (PARTITION BY creator_id)::int AS of_creator
      FROM taken WHERE state = 'mailed'
    )
    SELECT (SELECT count(*)::int FROM placed) AS total,
      (SELECT coalesce(json_agg(placed ORDER BY place), '[]') FROM placed
        WHERE place <= ${LISTED_MAX} OR creator_id IS NOT NULL AND place_of_creator <= ${LISTED_MAX}) AS keys,
      (SELECT coalesce(json_agg(counted), '[]')
        FROM (SELECT kind, state, count(*)::int FROM taken GROUP BY kind, state) counted) AS results`;
}

export const TAKE: Readonly<Record<NoticeAudience, string>> = { org: takeSql('org'), partner: takeSql('partner') };
