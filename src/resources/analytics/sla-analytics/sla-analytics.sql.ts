import { rangeSql } from '../../../kit/lists/date-range.js';
import { SLA_METRICS } from '../../conversations/sla-policies/sla-clock.entity.js';

/** SQL of a ratio, NULL if the whole is 0. */
const rate = (part: string, whole: string) => `round((${part})::numeric / nullif(${whole}, 0), 4)::float8`;
const inState = (state: string, metric?: string) =>
  `count(*) FILTER (WHERE state = '${state}'${metric ? ` AND metric = '${metric}'` : ''})`;
/** Clocks with an outcome. */
const decided = (metric?: string) =>
  ['fulfilled', 'breached', 'completed_after_breach'].map((state) => inState(state, metric)).join(' + ');

const compliance = (metric: string) => `json_build_object(
  'fulfilled', ${inState('fulfilled', metric)},
  'breached', ${inState('breached', metric)},
  'completed_after_breach', ${inState('completed_after_breach', metric)},
  'active', ${inState('active', metric)},
  'rate', ${rate(inState('fulfilled', metric), decided(metric))})`;

const percentile = (
  share: number,
  metric: string,
) => `round((percentile_cont(${share}) WITHIN GROUP (ORDER BY used_seconds)
  FILTER (WHERE metric = '${metric}' AND completed_at IS NOT NULL))::numeric, 3)::float8`;
const percentiles = (metric: string) => `json_build_object(
  'p50', ${percentile(0.5, metric)}, 'p90', ${percentile(0.9, metric)}, 'p95', ${percentile(0.95, metric)})`;
const byMetric = (of: (metric: string) => string) =>
  SLA_METRICS.map((metric) => `'${metric}', ${of(metric)}`).join(', ');

const RANGE = rangeSql('$2', '$3', '$4::text');

/** $1: the org, $2 and $3: the range, $4: its time zone; then policy, team and channel, each or NULL. */
export const SLA_ANALYTICS = `
  WITH began AS MATERIALIZED (
    SELECT id FROM chat_sessions
    WHERE org_id = $1
      AND created_at BETWEEN ${RANGE.first} AND ${RANGE.last}
      AND ($6::uuid IS NULL OR team_id = $6)
      AND ($7::text IS NULL OR channel_type = $7)
  ), totals AS (
    SELECT count(*) AS total FROM began
  )
  SELECT json_build_object(
    'coverage_rate', coalesce(${rate('count(DISTINCT session_id)', '(SELECT total FROM totals)')}, 0),
    'total_sessions', (SELECT total FROM totals),
    'sla_sessions', count(DISTINCT session_id),
    'compliance', json_build_object('overall', ${rate(inState('fulfilled'), decided())}, ${byMetric(compliance)}),
    'percentiles', json_build_object(${byMetric(percentiles)})
  )::text
  FROM sla_clocks
  WHERE org_id = $1 AND session_id IN (SELECT id FROM began) AND ($5::uuid IS NULL OR policy_id = $5)`;
