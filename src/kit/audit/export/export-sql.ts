import { GENESIS_HASH } from '../audit-key.js';
import { ENTRY_COLUMNS } from './ocsf-event.js';

/** Another process takes over after so long without a sign of life. Longer than a batch may take. */
const OWNED_SECONDS = 20;
const HEADS_PER_SWEEP = 20_000;

/** $1 sink, $2 process. Returns no row while another process owns the sink. */
export const OWN = `
  INSERT INTO audit_export_sinks AS sinks (sink, owner, owned_until)
  VALUES ($1, $2, now() + interval '${OWNED_SECONDS} seconds')
  ON CONFLICT (sink) DO UPDATE SET owner = excluded.owner, owned_until = excluded.owned_until
  WHERE sinks.owner IS NULL OR sinks.owner = excluded.owner OR sinks.owned_until < now()
  RETURNING batch, plan, planned_at`;

export const RELEASE = 'UPDATE audit_export_sinks SET owner = NULL, owned_until = NULL WHERE sink = $1 AND owner = $2';

/** A transaction below it has ended, and what it committed is visible. A later read from it on misses none. */
const HORIZON = 'pg_snapshot_xmin(pg_current_snapshot())::text AS horizon, now() AS at';

const PENDING = `
  SELECT heads.chain, coalesce(positions.sequence, 0) AS after,
    CASE WHEN positions.sequence IS NULL THEN '${GENESIS_HASH}' ELSE positions.hash END AS hash, heads.sequence AS to
  FROM heads LEFT JOIN audit_export_positions positions ON positions.sink = $1 AND positions.chain = heads.chain
  WHERE heads.sequence > coalesce(positions.sequence, 0)`;

/** $1 sink, $2 the last chain of the page before. */
export const SWEEP = `
  WITH heads AS (SELECT chain, sequence FROM audit_heads WHERE chain > $2 ORDER BY chain LIMIT ${HEADS_PER_SWEEP})
  SELECT ${HORIZON}, (SELECT CASE WHEN count(*) = ${HEADS_PER_SWEEP} THEN max(chain) END FROM heads) AS "lastChain",
    (SELECT coalesce(json_agg(pending), '[]') FROM (${PENDING} ORDER BY heads.chain) pending) AS pending`;

/** $1 sink, $2 the horizon of the read before. */
export const GROWN = `
  WITH heads AS (SELECT chain, sequence FROM audit_heads WHERE changed_by >= $2)
  SELECT ${HORIZON}, (SELECT coalesce(json_agg(pending), '[]') FROM (${PENDING} ORDER BY heads.chain) pending) AS pending`;

/** $1 ranges. Entries are in the order of the ranges. */
export const READ_ENTRIES = `
  SELECT ${ENTRY_COLUMNS.map((column) => `entries.${column}`).join(', ')}
  FROM ROWS FROM (jsonb_to_recordset($1::jsonb) AS (chain text, after integer, "to" integer))
    WITH ORDINALITY AS range (chain, after, "to", place)
  JOIN audit_entries entries ON entries.chain = range.chain AND sequence > range.after AND sequence <= range.to
  ORDER BY place, sequence`;

/** $1 sink, $2 process, $3 ranges, $4 time. */
export const PLAN = `
  UPDATE audit_export_sinks SET batch = batch + 1, plan = $3::jsonb, planned_at = $4
  WHERE sink = $1 AND owner = $2 AND plan IS NULL RETURNING batch`;

/** $1 sink, $2 process, $3 batch, $4 positions. Returns a row if the process still owned the batch. */
export const DELIVERED = `
  WITH delivered AS (
    UPDATE audit_export_sinks SET plan = NULL, delivered_at = now(), failing_since = NULL, error = NULL
    WHERE sink = $1 AND owner = $2 AND batch = $3 AND plan IS NOT NULL RETURNING sink
  ), moved AS (
    INSERT INTO audit_export_positions (sink, chain, sequence, hash)
    SELECT delivered.sink, position.chain, position.sequence, position.hash
    FROM delivered, jsonb_to_recordset($4::jsonb) AS position (chain text, sequence integer, hash text)
    ON CONFLICT (sink, chain) DO UPDATE SET sequence = excluded.sequence, hash = excluded.hash
  )
  SELECT sink FROM delivered`;

/** $1 sink, $2 process, $3 time. */
export const CAUGHT_UP = `
  UPDATE audit_export_sinks SET caught_up_at = $3, failing_since = NULL, error = NULL WHERE sink = $1 AND owner = $2`;

/** $1 sink, $2 process, $3 reason. */
export const FAILED = `
  UPDATE audit_export_sinks SET failing_since = coalesce(failing_since, now()), error = $3 WHERE sink = $1 AND owner = $2`;
