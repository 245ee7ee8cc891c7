import type { Countries } from '../../access/ports/countries.js';
import type { UsageBatch } from './usage-batch.js';

/**
 * Stores a batch in one statement. A retry after a lost COMMIT response finds its sequence stored and adds nothing.
 * Rows are in key order, so that two processes can't deadlock.
 */
const FLUSH = `
  WITH mark AS (
    INSERT INTO usage_flushes AS f (instance, sequence) VALUES ($1, $2)
    ON CONFLICT (instance) DO UPDATE SET sequence = excluded.sequence, flushed_at = now()
    WHERE f.sequence < excluded.sequence
    RETURNING 1),
  refusals AS (
    INSERT INTO key_refusals AS r (key_id, hour, reason, org_id, requests)
    SELECT key_id, hour, reason, org_id, sum(requests)
    FROM unnest($9::uuid[], $10::timestamptz[], $11::text[], $12::uuid[], $13::int[])
         AS batch (key_id, hour, reason, org_id, requests)
    WHERE EXISTS (SELECT FROM mark)
    GROUP BY key_id, hour, reason, org_id
    ORDER BY key_id, hour, reason
    ON CONFLICT (key_id, hour, reason) DO UPDATE SET requests = r.requests + excluded.requests),
  scope_uses AS (
    INSERT INTO key_scope_uses AS s (key_id, day, scope, org_id, uses, last_used_at)
    SELECT key_id, day, scope, org_id, sum(uses), max(last_used_at)
    FROM unnest($14::uuid[], $15::date[], $16::text[], $17::uuid[], $18::int[], $19::timestamptz[])
         AS batch (key_id, day, scope, org_id, uses, last_used_at)
    WHERE EXISTS (SELECT FROM mark)
    GROUP BY key_id, day, scope, org_id
    ORDER BY key_id, day, scope
    ON CONFLICT (key_id, day, scope) DO UPDATE SET
      uses = s.uses + excluded.uses,
      last_used_at = greatest(s.last_used_at, excluded.last_used_at)),
  last_calls AS (
    INSERT INTO credential_uses AS c (credential_id, key_id, at, client_address, country, user_agent, route, service)
    SELECT DISTINCT ON (credential_id) *
    FROM unnest($20::uuid[], $21::uuid[], $22::timestamptz[], $23::inet[], $24::text[], $25::text[], $26::text[], $27::text[])
         AS batch (credential_id, key_id, at, client_address, country, user_agent, route, service)
    WHERE EXISTS (SELECT FROM mark)
    ORDER BY credential_id, at DESC
    ON CONFLICT (credential_id) DO UPDATE SET
      (at, client_address, country, user_agent, route, service) =
      (excluded.at, excluded.client_address, excluded.country, excluded.user_agent, excluded.route, excluded.service)
    WHERE c.at <= excluded.at)
  INSERT INTO key_usage AS u (key_id, hour, org_id, requests, refused, last_used_at)
  SELECT key_id, hour, org_id, sum(requests), sum(refused), max(last_used_at)
  FROM unnest($3::uuid[], $4::timestamptz[], $5::uuid[], $6::int[], $7::int[], $8::timestamptz[])
       AS batch (key_id, hour, org_id, requests, refused, last_used_at)
  WHERE EXISTS (SELECT FROM mark)
  GROUP BY key_id, hour, org_id
  ORDER BY key_id, hour
  ON CONFLICT (key_id, hour) DO UPDATE SET
    requests = u.requests + excluded.requests,
    refused = u.refused + excluded.refused,
    last_used_at = greatest(u.last_used_at, excluded.last_used_at)`;

/** @param sequence of this batch; higher than those of the instance's earlier batches */
export function flushStatement(instance: string, sequence: number, batch: UsageBatch, countries: Countries) {
  const { usage, refusals, scopeUses, credentialUses } = batch;
  return {
    name: 'usage-flush',
    text: FLUSH,
    values: [
      instance,
      sequence,
      ...columns(usage, ['keyId', 'hour', 'orgId', 'requests', 'refused', 'lastUsedAt']),
      ...columns(refusals, ['keyId', 'hour', 'reason', 'orgId', 'requests']),
      ...columns(
        scopeUses.map(({ hour, ...row }) => ({ ...row, day: hour.toISOString().slice(0, 10) })),
        ['keyId', 'day', 'scope', 'orgId', 'uses', 'lastUsedAt'],
      ),
      ...columns(
        credentialUses.map((row) => ({ ...row, country: row.clientAddress && countries.of(row.clientAddress) })),
        ['credentialId', 'keyId', 'at', 'clientAddress', 'country', 'userAgent', 'route', 'service'],
      ),
    ],
  };
}

function columns<Row, Name extends keyof Row>(rows: readonly Row[], names: readonly Name[]): Row[Name][][] {
  return names.map((name) => rows.map((row) => row[name]));
}
