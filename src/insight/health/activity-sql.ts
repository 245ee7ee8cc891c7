import { lastUsedSql, THIS_HOUR } from '../../kit/usage/usage-sql.js';
import { guardOfReason, REFUSAL_REASONS } from '../../access/errors/refusal-reasons.js';

/** The first of 720 hours, of which the current one is the last. */
const FIRST_HOUR = `${THIS_HOUR} - interval '719 hours'`;
/** Lets Postgres skip partitions of later months. A day later than now, because clocks of processes differ. */
const NO_LATER_HOUR = `${THIS_HOUR} + interval '1 day'`;
const IS_LAST_7_DAYS = `hour > ${THIS_HOUR} - interval '168 hours'`;

/** Denied before the key was authenticated, so `key_usage` doesn't count the request. */
const REJECTIONS = REFUSAL_REASONS.filter((reason) => guardOfReason(reason) === 'Authentication');
const IS_REJECTION = `reason IN (${REJECTIONS.map((reason) => `'${reason}'`).join(', ')})`;

/**
 * Which hours are read from `key_usage` and `key_refusals`: all of the last 30 days, the same without the current hour, or
 * those that `key_activity` doesn't cover yet.
 */
type Hours = 'all' | 'closed' | 'new';

/**
 * A subquery: keys with the columns of `KeyActivity`. Without `OFFSET 0`, Postgres would read the last use again for each
 * condition on it.
 * @param keys SQL: a table or subquery named `api_keys`, with keys of orgs
 */
export function activitySql(keys: string, hours: Hours): string {
  const total = (column: string, ...counts: string[]) =>
    `coalesce(stored.${column}, 0) + ${counts.join(' + ')} AS ${column}`;
  return `(
    SELECT api_keys.*, ${THIS_HOUR} AS until,
      coalesce(used.last_used_at, stored.last_used_at, ${lastUsedSql('api_keys.id')}) AS last_used_at,
      ${total('requests_30_days', 'used.requests', 'denied.rejected')},
      ${total('denied_30_days', 'used.refused', 'denied.rejected')},
      ${total('requests_7_days', 'used.requests_7', 'denied.rejected_7')},
      ${total('denied_7_days', 'used.refused_7', 'denied.rejected_7')},
      ${total('limited_7_days', 'denied.limited_7')},
      ${total('replaced_7_days', 'denied.replaced_7')},
      greatest(stored.busiest_hour, used.busiest_hour) AS busiest_hour,
      coalesce(stored.used_scopes, ARRAY(SELECT DISTINCT scope FROM key_scope_uses WHERE key_id = api_keys.id)) AS used_scopes
    FROM ${keys}
    LEFT JOIN key_activity stored ON ${hours === 'new' ? 'stored.key_id = api_keys.id' : 'false'}
    CROSS JOIN LATERAL ${usedSql(hours)} used
    CROSS JOIN LATERAL ${deniedSql(hours)} denied
    OFFSET 0
  )`;
}

function usedSql(hours: Hours): string {
  return `(
    SELECT ${sum('requests')} AS requests, ${sum('refused')} AS refused,
      ${sum('requests', IS_LAST_7_DAYS)} AS requests_7, ${sum('refused', IS_LAST_7_DAYS)} AS refused_7,
      coalesce(max(requests - refused) FILTER (WHERE ${IS_LAST_7_DAYS}), 0) AS busiest_hour,
      max(last_used_at) AS last_used_at
    FROM key_usage WHERE key_id = api_keys.id AND ${isIn(hours)}
  )`;
}

function deniedSql(hours: Hours): string {
  return `(
    SELECT ${sum('requests', IS_REJECTION)} AS rejected,
      ${sum('requests', `${IS_REJECTION} AND ${IS_LAST_7_DAYS}`)} AS rejected_7,
      ${sum('requests', `reason = 'rate_limited' AND ${IS_LAST_7_DAYS}`)} AS limited_7,
      ${sum('requests', `reason = 'credential_replaced' AND ${IS_LAST_7_DAYS}`)} AS replaced_7
    FROM key_refusals WHERE key_id = api_keys.id AND ${isIn(hours)}
  )`;
}

function isIn(hours: Hours): string {
  const recent = `hour >= ${FIRST_HOUR} AND hour < ${hours === 'closed' ? THIS_HOUR : NO_LATER_HOUR}`;
  return hours === 'new' ? `${recent} AND hour >= coalesce(stored.until, ${FIRST_HOUR})` : recent;
}

function sum(column: string, condition = 'true'): string {
  return `coalesce(sum(${column}) FILTER (WHERE ${condition}), 0)::bigint`;
}
