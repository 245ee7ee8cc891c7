import type { Database } from '../../core/database/database.js';
import { madeUpUsage, type UsageHabit } from './made-up-usage.js';

/** How long before today the demo's keys seem to have been created. */
const DAYS = 45;

const USAGE = `
  INSERT INTO key_usage AS u (key_id, hour, org_id, requests, refused, last_used_at)
  SELECT key_id, hour, $1, requests, refused, least(hour + interval '58 minutes', now() - interval '2 minutes')
  FROM unnest($2::uuid[], $3::timestamptz[], $4::int[], $5::int[]) AS made_up (key_id, hour, requests, refused)
  ON CONFLICT (key_id, hour) DO UPDATE SET requests = u.requests + excluded.requests`;

/** Most refusals are of the rate limit. */
const REFUSALS = `
  INSERT INTO key_refusals (key_id, hour, reason, org_id, requests)
  SELECT key_id, hour, reason, org_id, requests
  FROM (
    SELECT key_id, hour, org_id, 'scope_missing' AS reason, refused / 4 AS requests FROM key_usage
    UNION ALL
    SELECT key_id, hour, org_id, 'rate_limited', refused - refused / 4 FROM key_usage
  ) split
  WHERE org_id = $1 AND requests > 0
  ON CONFLICT DO NOTHING`;

/** Keys use the first two thirds of their scopes, and those with full access two scopes. */
const SCOPE_USES = `
  INSERT INTO key_scope_uses (key_id, day, scope, org_id, uses, last_used_at)
  SELECT key_id, (hour AT TIME ZONE 'UTC')::date, scope, key_usage.org_id,
    ceil(sum(requests - refused) / position), max(last_used_at)
  FROM key_usage JOIN api_keys ON api_keys.id = key_id,
    LATERAL unnest(coalesce(scopes, '{contacts:read,chat-sessions:read}')) WITH ORDINALITY AS held (scope, position)
  WHERE key_usage.org_id = $1 AND type = 'standard'
    AND (position <= ceil(cardinality(scopes) * 2 / 3.0) OR scopes IS NULL)
  GROUP BY key_id, 2, scope, key_usage.org_id, position
  HAVING sum(requests) > sum(refused)
  ON CONFLICT DO NOTHING`;

const LAST_CALLS = `
  INSERT INTO credential_uses (credential_id, key_id, at, client_address, user_agent, route)
  SELECT c.id, c.key_id, used.at, '203.0.113.9', 'acmetours/4.2 (node)', CASE type WHEN 'standard' THEN '/contacts' ELSE '/events' END
  FROM key_credentials c JOIN api_keys ON api_keys.id = c.key_id,
    LATERAL (SELECT max(last_used_at) AS at FROM key_usage WHERE key_id = c.key_id) used
  WHERE org_id = $1 AND used.at IS NOT NULL
  ON CONFLICT DO NOTHING`;

/** Advice needs 30 days of observation. */
const FIRST_USES = `
  INSERT INTO key_scope_uses (key_id, day, scope, org_id, uses, last_used_at)
  SELECT key_id, (now() AT TIME ZONE 'UTC')::date - ${DAYS}, scope, org_id, 1, now() - interval '${DAYS} days'
  FROM key_scope_uses WHERE org_id = $1 GROUP BY key_id, scope, org_id
  ON CONFLICT DO NOTHING`;

const AGE = `UPDATE api_keys SET created_at = created_at - interval '${DAYS} days' WHERE org_id = $1`;

/** Stores generated usage in the form that the server's usage meter writes. */
export async function storeUsage(
  database: Database,
  orgId: string,
  habits: ReadonlyMap<string, UsageHabit>,
): Promise<void> {
  const now = new Date();
  const rows = [...habits].flatMap(([keyId, habit], index) =>
    madeUpUsage(habit, index, now).map((hour) => ({ keyId, ...hour })),
  );
  await database.pool.query(USAGE, [
    orgId,
    rows.map(({ keyId }) => keyId),
    rows.map(({ hour }) => hour),
    rows.map(({ requests }) => requests),
    rows.map(({ refused }) => refused),
  ]);
  for (const text of [REFUSALS, SCOPE_USES, FIRST_USES, LAST_CALLS, AGE]) await database.pool.query(text, [orgId]);
}
