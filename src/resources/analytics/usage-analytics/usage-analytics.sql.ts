import { instantAsText } from '../../../core/database/row-as-json.js';
import { endSql, startSql } from '../../../kit/lists/date-range.js';
import { THIS_MONTH } from '../../../kit/usage/usage-sql.js';

const PERIOD = `json_build_object('from', ${instantAsText('first')}, 'to', ${instantAsText('last')})`;
const IS_RECEIVED = `sender ->> 'type' = 'contact'`;

/** $1: the org, $2 and $3: the period. One statement, so that all numbers are from one snapshot. */
export const OVERVIEW = `
  WITH period AS (
    SELECT ${startSql('$2')} AS first, ${endSql('$3')} AS last
  ), spoken AS MATERIALIZED (
    SELECT session_id, ${IS_RECEIVED} AS is_received FROM chat_events, period
    WHERE org_id = $1 AND type = 'message' AND created_at BETWEEN first AND last
  ), messages AS (
    -- Whole sessions: what was asked in the period may be answered after it.
    SELECT session_id, id, created_at, ${IS_RECEIVED} AS is_received, lag(${IS_RECEIVED}) OVER session AS was_received
    FROM chat_events WHERE org_id = $1 AND type = 'message' AND session_id IN (SELECT session_id FROM spoken)
    WINDOW session AS (PARTITION BY session_id ORDER BY created_at, id)
  ), turns AS (
    SELECT is_received, created_at,
      lead(created_at) OVER (PARTITION BY session_id ORDER BY created_at, id) - created_at AS waited
    FROM messages WHERE is_received IS DISTINCT FROM was_received
  )
  SELECT json_build_object(
    'period', ${PERIOD},
    'calls', (
      SELECT json_build_object('total', count(*),
        'answered', count(*) FILTER (WHERE status = 'answered'),
        'missed', count(*) FILTER (WHERE status = 'missed'))
      FROM calls WHERE org_id = $1 AND started_at BETWEEN first AND last),
    'leads', (
      SELECT json_build_object('captured', count(*),
        'qualified', count(*) FILTER (WHERE status = 'qualified'),
        'converted', count(*) FILTER (WHERE status = 'converted'))
      FROM leads WHERE org_id = $1 AND created_at BETWEEN first AND last),
    'messages', (
      SELECT json_build_object(
        'sent', count(*) FILTER (WHERE NOT is_received), 'received', count(*) FILTER (WHERE is_received))
      FROM spoken),
    'sessions', json_build_object(
      'opened', (SELECT count(*) FROM chat_sessions WHERE org_id = $1 AND created_at BETWEEN first AND last),
      'closed', (SELECT count(*) FROM chat_sessions WHERE org_id = $1 AND closed_at BETWEEN first AND last),
      'handed_off', (SELECT count(*) FROM handoffs WHERE org_id = $1 AND created_at BETWEEN first AND last)),
    'avg_response_time_seconds', (
      SELECT round(extract(epoch FROM avg(waited)), 3)::float8
      FROM turns WHERE is_received AND created_at BETWEEN first AND last)
  )::text
  FROM period`;

/** $1: the org. The first hour that `KeyActivityJob` hasn't counted for some key that it has counted; NULL: it has counted none. */
export const COUNTED_UNTIL = `
  SELECT ${instantAsText('min(month_until)')}
  FROM api_keys JOIN key_activity ON key_id = api_keys.id WHERE org_id = $1 AND month_until >= ${THIS_MONTH}`;

/**
 * The requests of the org's keys in this month: what `KeyActivityJob` has counted, the hours since, and all hours of the keys that
 * it hasn't counted. Each part names the start of the month itself, so that Postgres reads the partition of this month only.
 */
const API_CALLS = `
  (SELECT coalesce(sum(requests_of_month), 0) FROM counted)
  + (SELECT coalesce(sum(requests), 0) FROM key_usage JOIN counted USING (key_id)
     WHERE org_id = $1 AND hour >= coalesce($2::timestamptz, ${THIS_MONTH}) AND hour >= month_until)
  + (SELECT coalesce(sum(calls), 0)
     FROM api_keys CROSS JOIN LATERAL (
       SELECT sum(requests) AS calls FROM key_usage WHERE key_id = api_keys.id AND hour >= ${THIS_MONTH}) uncounted
     WHERE org_id = $1 AND id NOT IN (SELECT key_id FROM counted))`;

/** $1: the org, $2: `COUNTED_UNTIL`. It is a value, so that Postgres knows how few hours are left, and finds them by their index. */
export const USAGE_OF_MONTH = `
  WITH month AS (
    SELECT ${THIS_MONTH} AS first,
      (date_trunc('month', now() AT TIME ZONE 'UTC') + interval '1 month') AT TIME ZONE 'UTC'
        - interval '1 millisecond' AS last
  ), counted AS MATERIALIZED (
    SELECT key_id, month_until, requests_of_month FROM api_keys JOIN key_activity ON key_id = api_keys.id
    WHERE org_id = $1 AND month_until >= ${THIS_MONTH}
  )
  SELECT json_build_object(
    'period', ${PERIOD},
    'api_calls', ${API_CALLS},
    'call_minutes', (
      SELECT coalesce(round(sum(duration_seconds) / 60.0, 2), 0)::float8
      FROM calls WHERE org_id = $1 AND started_at BETWEEN first AND last),
    'messages_sent', (
      SELECT count(*) FROM chat_events
      WHERE org_id = $1 AND type = 'message' AND created_at >= first AND NOT (${IS_RECEIVED}))
  )::text
  FROM month`;
