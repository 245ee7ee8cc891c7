import { instantAsText } from '../../../core/database/row-as-json.js';
import { endSql, startSql } from '../../../kit/lists/date-range.js';

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

const START_OF_MONTH = `date_trunc('month', now(), 'UTC')`;

/** $1: the org. The calls name the start of the month itself, so that Postgres reads the partition of this month only. */
export const USAGE_OF_MONTH = `
  WITH month AS (
    SELECT ${START_OF_MONTH} AS first,
      (date_trunc('month', now() AT TIME ZONE 'UTC') + interval '1 month') AT TIME ZONE 'UTC'
        - interval '1 millisecond' AS last
  )
  SELECT json_build_object(
    'period', ${PERIOD},
    'api_calls', (
      SELECT coalesce(sum(requests), 0) FROM key_usage WHERE org_id = $1 AND hour >= ${START_OF_MONTH}),
    'call_minutes', (
      SELECT coalesce(round(sum(duration_seconds) / 60.0, 2), 0)::float8
      FROM calls WHERE org_id = $1 AND started_at BETWEEN first AND last),
    'messages_sent', (
      SELECT count(*) FROM chat_events
      WHERE org_id = $1 AND type = 'message' AND created_at >= first AND NOT (${IS_RECEIVED}))
  )::text
  FROM month`;
