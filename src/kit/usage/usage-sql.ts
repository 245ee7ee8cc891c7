import { instantAsText } from '../../core/database/row-as-json.js';

/** SQL of the start of the current hour and month, which Postgres finds the partitions by. */
export const THIS_HOUR = `date_trunc('hour', now(), 'UTC')`;
export const THIS_MONTH = `date_trunc('month', now(), 'UTC')`;

/** The period that the API reports. */
const USAGE_DAYS = 30;

/** The last 24 hours are the current one and the 23 before. Counts hours, because a local day can have 23 or 25. */
const TOTALS = `
  coalesce(sum(requests) FILTER (WHERE hour > this_hour - interval '24 hours'), 0) AS last_24_hours,
  coalesce(sum(requests) FILTER (WHERE hour > this_hour - interval '168 hours'), 0) AS last_7_days,
  coalesce(sum(requests), 0) AS last_30_days`;

function recentHoursOf(keyId: string): string {
  return `FROM key_usage, ${THIS_HOUR} this_hour
    WHERE key_id = ${keyId} AND hour > this_hour - interval '720 hours'`;
}

/** Returns a scalar subquery for the `KeyUsageTotals` of a key as JSON. @param keyId SQL, such as `api_keys.id` */
export function usageTotalsSql(keyId: string): string {
  return `(SELECT row_to_json(totals) FROM (SELECT ${TOTALS} ${recentHoursOf(keyId)}) totals)`;
}

/** Returns a scalar subquery for a key's last use; NULL if unused. @param keyId SQL, such as `api_keys.id` */
export function lastUsedSql(keyId: string): string {
  return `(SELECT last_used_at FROM key_usage WHERE key_id = ${keyId} ORDER BY hour DESC LIMIT 1)`;
}

/** Returns a scalar subquery for the `LastUse` of a credential as JSON; NULL if none is known. @param credentialId SQL */
export function lastUseSql(credentialId: string): string {
  return `(
    SELECT json_build_object('at', ${instantAsText('at')}, 'client_address', host(client_address), 'country', country,
      'user_agent', user_agent, 'route', route, 'service', service)
    FROM credential_uses WHERE credential_id = ${credentialId})`;
}

/** Returns a scalar subquery for daily counts as JSON, oldest first. @param keyId SQL, such as `api_keys.id` */
export function usageByDaySql(keyId: string): string {
  return `(SELECT json_agg(json_build_object('requests', coalesce(requests, 0), 'refused', coalesce(refused, 0))
      ORDER BY days_ago DESC)
    FROM generate_series(0, ${USAGE_DAYS - 1}) AS days_ago LEFT JOIN (
      SELECT greatest(0, floor(extract(epoch FROM this_hour - hour) / 86400))::int AS days_ago,
        sum(requests) AS requests, sum(refused) AS refused
      ${recentHoursOf(keyId)} GROUP BY 1
    ) used USING (days_ago))`;
}

/** The `KeyUsageReport` of the key $1, as JSON text. */
export const USAGE_REPORT = `
  SELECT row_to_json(report)::text FROM (
    SELECT ${TOTALS},
      coalesce(json_agg(json_build_object('hour', ${instantAsText('hour')}, 'requests', requests, 'refused', refused)
        ORDER BY hour), '[]') AS series
    ${recentHoursOf('$1::uuid')}
  ) report`;
