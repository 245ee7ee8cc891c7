import { instantAsText } from '../../../core/database/row-as-json.js';
import { rangeSql } from '../../../kit/lists/date-range.js';

/** SQL for groups of handoffs, largest first. @param group columns of `grouped` @param fields JSON fields of a group */
const groups = (fields: string, from: string, order: string) => `(
    SELECT coalesce(json_agg(json_build_object(${fields}) ORDER BY count DESC, ${order}), '[]')
    FROM (${from}) grouped)`;
// A group has at least one handoff, so the divisor is not zero.
const SHARE = `'percentage', round(100.0 * count / total, 1)::float8`;

const RANGE = rangeSql('$2', '$3');

/** $1: the org, $2 and $3: the range. One statement, so that all numbers are from one snapshot. */
export const HANDOFF_ANALYTICS = `
  WITH range AS (
    SELECT ${RANGE.first} AS first, ${RANGE.last} AS last
  ), handed AS MATERIALIZED (
    SELECT handoffs.* FROM handoffs, range WHERE org_id = $1 AND created_at BETWEEN first AND last
  ), totals AS (
    SELECT count(*) AS total FROM handed
  ), by_reason AS (
    SELECT reason, count(*), total FROM handed CROSS JOIN unnest(reasons) reason, totals GROUP BY reason, total
  )
  SELECT json_build_object(
    'summary', CASE total WHEN 0 THEN 'No session was handed to people.' ELSE format(
      '%s %s handed to people, most often for: %s.', total, CASE total WHEN 1 THEN 'session was' ELSE 'sessions were' END,
      (SELECT replace(reason, '_', ' ') FROM by_reason ORDER BY count DESC, reason LIMIT 1)) END,
    'total_handoffs', total,
    'total_sessions',
      (SELECT count(*) FROM chat_sessions WHERE org_id = $1 AND created_at BETWEEN range.first AND range.last),
    'start_date', ${instantAsText('range.first')},
    'end_date', ${instantAsText('range.last')},
    'reasons', ${groups(`'reason', reason, 'count', count, ${SHARE}`, 'SELECT * FROM by_reason', 'reason')},
    'reason_combinations', ${groups(
      `'reasons', reasons, 'session_count', count, ${SHARE}`,
      'SELECT reasons, count(*), total FROM handed, totals GROUP BY reasons, total',
      'reasons',
    )},
    'sentiments', ${groups(
      `'sentiment', sentiment, 'count', count, ${SHARE}`,
      'SELECT sentiment, count(*), total FROM handed, totals WHERE sentiment IS NOT NULL GROUP BY sentiment, total',
      'sentiment',
    )},
    'trends', (
      SELECT coalesce(json_agg(json_build_object('date', day, 'count', count) ORDER BY day), '[]')
      FROM (SELECT (created_at AT TIME ZONE 'UTC')::date AS day, count(*) FROM handed GROUP BY 1) days)
  )::text
  FROM totals, range`;

/** SQL for one item of the list. */
export const HANDOFF_EVENT = `(SELECT row_to_json(wire)::text FROM (SELECT
  handoffs.session_id, handoffs.summary, handoffs.explanation, handoffs.reasons,
  ${instantAsText('handoffs.created_at')} AS created_at) wire)`;
