import { instantAsText } from '../../core/database/row-as-json.js';
import { lastUsedSql } from '../../kit/usage/usage-sql.js';
import { BROKEN_RULES, issuedAtSql, LEVEL } from './broken-rules-sql.js';
import type { PolicyLevel } from './policy-rules.js';

/** Small enough for the statement timeout. */
const KEYS_PER_BATCH = 5_000;

/** A batch of keys that was looked at. */
export interface Batch<Item> {
  /** The last key that was looked at; null: there are no more. */
  readonly last_id: string | null;
  readonly count: number;
  /** The first of those that break rules. */
  readonly items: readonly Item[];
}

/** Which keys a place covers; $1 is the id of the org or the partner. */
const COVERED: Readonly<Record<PolicyLevel, string>> = {
  installation: '$1::uuid IS NULL',
  partner: 'orgs.partner_id = $1::uuid',
  org: 'keys.org_id = $1::uuid',
};

/** The rows of a level; `k` is a key with the partner of its org. */
const AT: Readonly<Record<PolicyLevel, string>> = {
  installation: 'is_installation',
  partner: 'partner_id = k.partner',
  org: 'org_id = k.org_id',
};

/**
 * A `Batch` as JSON text: the keys of a place after the key $2, newest first within each org, of which up to $3 are items.
 * $4 is a draft that takes the place of the place's policy, as a row of `key_policies` in JSON; null: there is none.
 */
export function violatorsSql(place: PolicyLevel): string {
  const stored = (['installation', 'partner', 'org'] as const).map((level) => {
    const condition = level === place ? `${AT[level]} AND $4::jsonb IS NULL` : AT[level];
    return `SELECT * FROM key_policies WHERE ${condition}`;
  });
  const draft = 'SELECT * FROM jsonb_populate_record(NULL::key_policies, $4::jsonb) WHERE $4::jsonb IS NOT NULL';
  return `
    WITH batch AS MATERIALIZED (
      SELECT keys.*, orgs.partner_id AS partner, orgs.archived_at
      FROM api_keys keys JOIN orgs ON orgs.id = keys.org_id
      WHERE ${COVERED[place]}
        AND ($2::uuid IS NULL OR (keys.org_id, keys.id) < ((SELECT org_id FROM api_keys WHERE id = $2::uuid), $2::uuid))
      ORDER BY keys.org_id DESC, keys.id DESC LIMIT ${KEYS_PER_BATCH}
    ), found AS MATERIALIZED (
      SELECT k.*, broken.rules, broken.refused_from
      FROM (SELECT *, ${issuedAtSql('batch.id')} AS issued_at FROM batch
        WHERE revoked_at IS NULL AND archived_at IS NULL AND (expires_at IS NULL OR expires_at > now())) k
      CROSS JOIN LATERAL (
        SELECT json_agg(json_build_object('rule', rule, 'set_by', ${LEVEL})) AS rules, min(p.enforce_from) AS refused_from
        FROM (${[...stored, draft].join(' UNION ALL ')}) p CROSS JOIN LATERAL unnest(${BROKEN_RULES}) rule
      ) broken
      WHERE broken.rules IS NOT NULL
    )
    SELECT json_build_object(
      'last_id', CASE WHEN (SELECT count(*) FROM batch) = ${KEYS_PER_BATCH}
        THEN (SELECT id FROM batch ORDER BY org_id, id LIMIT 1) END,
      'count', (SELECT count(*) FROM found),
      'items', (SELECT coalesce(json_agg(item), '[]') FROM (
        SELECT id, org_id, name, masked_key, ${instantAsText('created_at')} AS created_at,
          ${instantAsText('expires_at')} AS expires_at, ${instantAsText(lastUsedSql('found.id'))} AS last_used_at,
          rules, ${instantAsText('refused_from')} AS refused_from
        FROM found ORDER BY org_id DESC, id DESC LIMIT $3::int
      ) item)
    )::text`;
}
