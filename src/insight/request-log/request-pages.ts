import { cursorSql } from '../../kit/lists/cursor.js';
import {
  type AddValue,
  conditionsOf,
  type Owner,
  ownerConditions,
  planSearch,
  type Search,
  type SearchPlan,
} from './request-search.js';
import { REQUEST_VIEW } from './request-view.sql.js';

export interface SqlStatement {
  readonly text: string;
  readonly values: readonly string[];
}

/**
 * The number of rows that a call examines if filters remain that its index doesn't serve. This bounds the time of a call:
 * a page with fewer matches is shorter, and its cursor continues after the rows that were examined.
 */
const EXAMINED_MAX = 5_000;
/** The same for each pair of outcome and status, whose rows are merged. */
const EXAMINED_PER_PAIR_MAX = 1_000;

/** Newest first; one text: `{items, next}`. */
export function pageStatement(owner: Owner, search: Search, limit: number, cursor?: string): SqlStatement {
  return statement((add) => {
    const plan = planSearch(owner, search, cursor, add);
    const size = `${add(String(limit))}::int`;
    return `
      SELECT '{"items":[' || coalesce(array_to_string(items[1:${size}], ','), '') || '],"next":'
        || CASE WHEN cardinality(ids) > ${size} THEN '"' || ${cursorSql(`ids[${size}]`)} || '"'
          ELSE ${continuationSql(plan)} END || '}'
      FROM (
        SELECT array_agg(item) AS items, array_agg(id) AS ids FROM (
          SELECT ${REQUEST_VIEW} AS item, id FROM (${foundSql(plan, '*', `${size} + 1`)}) request_log
          WHERE ${allOf(plan.remaining)} ORDER BY id DESC LIMIT ${size} + 1
        ) page
      ) pages`;
  });
}

/** One text: the request, or no row. */
export function readStatement(owner: Owner, id: string): SqlStatement {
  return statement((add) => {
    const conditions = [`id = ${add(id)}::uuid`, ...ownerConditions(owner, {}, add).indexed];
    return `SELECT ${REQUEST_VIEW} FROM request_log WHERE ${allOf(conditions)}`;
  });
}

/**
 * Requests after an id without those already seen, oldest first; one text: a JSON list.
 * @param seenIds of entries after the id
 */
export function laterStatement(
  owner: Owner,
  search: Search,
  { after, seenIds, limit }: { readonly after: string; readonly seenIds: readonly string[]; readonly limit: number },
): SqlStatement {
  return statement((add) => {
    const isNew = [`id > ${add(after)}::uuid`, `id <> ALL (${add(`{${seenIds.join(',')}}`)}::uuid[])`];
    return `
      SELECT '[' || coalesce(string_agg(item, ',' ORDER BY id), '') || ']' FROM (
        SELECT ${REQUEST_VIEW} AS item, id FROM request_log
        WHERE ${allOf([...conditionsOf(owner, search, add), ...isNew])} ORDER BY id LIMIT ${add(String(limit))}::int
      ) later`;
  });
}

const FACETS = { routes: 'route', reasons: 'reason', services: 'service', methods: 'method' } as const;
const FACET_VALUES_MAX = 1_000;

/** One text: `RequestFacets`. */
export function facetsStatement(orgId: string): SqlStatement {
  return statement((add) => {
    const org = `org_id = ${add(orgId)}::uuid`;
    const lists = Object.entries(FACETS).map(
      ([name, column]) => `'${name}', to_json(ARRAY(SELECT ${column} FROM (${distinctSql([column], org)}) facet))`,
    );
    return `SELECT json_build_object(${lists.join(', ')})::text`;
  });
}

function statement(sqlOf: (add: AddValue) => string): SqlStatement {
  const values: string[] = [];
  return { text: sqlOf((value) => `$${values.push(value)}`), values };
}

/** The rows that an index finds, newest first. */
function foundSql(plan: SearchPlan, columns: string, size: string): string {
  const { indexed, pairs, remaining, owner } = plan;
  const limit = remaining.length > 0 ? String(examinedMax(plan)) : size;
  if (pairs === undefined) {
    return `SELECT ${columns} FROM request_log WHERE ${allOf(indexed)} ORDER BY id DESC LIMIT ${limit}`;
  }
  return `
    SELECT found.${columns} FROM (${distinctSql(['outcome', 'status'], allOf(owner))}) pair, LATERAL (
      SELECT * FROM request_log
      WHERE ${allOf(indexed)} AND outcome = pair.outcome AND status = pair.status ORDER BY id DESC LIMIT ${limit}
    ) found WHERE ${allOf(pairs.map((condition) => `pair.${condition}`))} ORDER BY found.id DESC LIMIT ${limit}`;
}

/** The cursor of a page without a next match: of the last row examined, if there may be more rows. */
function continuationSql(plan: SearchPlan): string {
  if (plan.remaining.length === 0) return `'null'`;
  const last = `SELECT id FROM (${foundSql(plan, 'id', '')}) examined OFFSET ${examinedMax(plan) - 1} LIMIT 1`;
  return `coalesce('"' || ${cursorSql(`(${last})`)} || '"', 'null')`;
}

function examinedMax({ pairs }: SearchPlan): number {
  return pairs === undefined ? EXAMINED_MAX : EXAMINED_PER_PAIR_MAX;
}

/** The values that occur, in order. A loose index scan: its cost depends on their number, not on that of the rows. */
function distinctSql(columns: readonly string[], owner: string): string {
  const list = columns.join(', ');
  const firstAfter = (condition: string) =>
    `SELECT ${list} FROM request_log WHERE ${owner} AND ${condition} ORDER BY ${list} LIMIT 1`;
  const previous = columns.map((column) => `value.${column}`).join(', ');
  return `
    WITH RECURSIVE value AS (
      (${firstAfter(`${columns[0]} IS NOT NULL`)})
      UNION ALL
      SELECT following.* FROM value, LATERAL (${firstAfter(`(${list}) > (${previous})`)}) following
    )
    SELECT ${list} FROM value LIMIT ${FACET_VALUES_MAX}`;
}

function allOf(conditions: readonly string[]): string {
  return conditions.length === 0 ? 'true' : conditions.join(' AND ');
}
