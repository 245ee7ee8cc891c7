import type { Database } from '../../core/database/database.js';
import type { PreparedRead } from '../../core/database/fast-lane/fast-lane.js';
import { cursorSql } from './cursor.js';
import type { Filter, Filters } from './filters.js';
import { PAGE_MAX, type PageRequest } from './list-queries.js';
import { NEWEST_FIRST, type Order, type Orders } from './order.js';
import { type Page, type Wire, WireJson } from '../../core/wire/wire-json.js';

export interface Pages {
  readonly table: string;
  /** Of its statements, if the table has another list. */
  readonly name?: string;
  /** The column that holds the caller's id; `org_id` by default. Null: only the parent row has one. */
  readonly owner?: string | null;
  /** SQL for one row of the table as JSON text. */
  readonly item: string;
  readonly filters: Filters;
  /** SQL over the row's columns that holds for every row of the list. */
  readonly where?: string;
  /** True if pages are slow even without filters. */
  readonly isSlow?: boolean;
  readonly orders?: Orders;
  /** For lists within a parent row: the parent table and the column with its id. */
  readonly within?: Within;
}

interface Within {
  readonly table: string;
  readonly column: string;
  /** The column of the parent that holds the caller's id; `org_id` by default. */
  readonly owner?: string;
  /** SQL over the parent's columns that holds for the parents of the list. */
  readonly where?: string;
}

/** One prepared statement of a list. */
interface Variant {
  readonly order: Order | null;
  readonly hasCursor: boolean;
  readonly filters: readonly Filter[];
  /** True for pages of more than `PAGE_MAX` rows, as exports read. */
  readonly isLong: boolean;
}

/**
 * Lists a table with `org_id` and `id` as `{items, next}` in JSON text. Each used order and set of filters has its own
 * prepared statement. Newest first, keyset pagination by (org_id, id) makes all pages cost the same.
 */
export class PreparedPages<Row> {
  readonly #statements = new Map<string, PreparedRead>();
  readonly #orders: Orders;

  constructor(
    private readonly database: Database,
    private readonly pages: Pages,
  ) {
    this.#orders = pages.orders ?? NEWEST_FIRST;
  }

  async read(orgId: string, page: PageRequest): Promise<WireJson<Page<Wire<Row>>>> {
    return (await this.#statementFor(page).json([orgId, ...page.values]))!;
  }

  /** Like `read`, but parsed. */
  async rows(orgId: string, page: PageRequest): Promise<Page<Wire<Row>>> {
    return (await this.read(orgId, page)).parse();
  }

  /** @returns undefined if the caller has no such parent row */
  readWithin(orgId: string, parentId: string, page: PageRequest): Promise<WireJson<Page<Wire<Row>>> | undefined> {
    return this.#statementFor(page).json([orgId, ...page.values, parentId]);
  }

  #statementFor({ shape, sort = Object.keys(this.#orders)[0]!, values }: PageRequest): PreparedRead {
    const isLong = Number(values[0]) > PAGE_MAX;
    const key = `${sort === Object.keys(this.#orders)[0] ? '' : `${sort}.`}${shape.toString(36)}${isLong ? '.long' : ''}`;
    let statement = this.#statements.get(key);
    if (statement === undefined) this.#statements.set(key, (statement = this.#prepare(key, shape, sort, isLong)));
    return statement;
  }

  #prepare(key: string, shape: number, sort: string, isLong: boolean): PreparedRead {
    const filters = Object.values(this.pages.filters).filter((_, index) => shape & (2 << index));
    const isSlow = this.pages.isSlow || filters.some((filter) => filter.isSlow);
    const reads = isSlow ? this.database.slowReads : this.database.reads;
    const variant = { order: this.#orders[sort] ?? null, hasCursor: (shape & 1) === 1, filters, isLong };
    return reads.prepare(`${this.pages.name ?? this.pages.table}.page.${key}`, pageSql(this.pages, variant));
  }
}

/** Reads one row more than the limit to detect a next page, whose cursor is the last returned row. */
function pageSql(
  { table, item, within, where, owner = 'org_id' }: Pages,
  { order, hasCursor, filters, isLong }: Variant,
): string {
  let parameters = 2;
  const next = () => `$${++parameters}`;
  const conditions = [...(owner === null ? [] : [`${owner} = $1`]), ...(where === undefined ? [] : [where])];
  if (hasCursor) conditions.push(afterSql(order, next));
  for (const { condition } of filters) conditions.push(condition(next(), '$1'));
  const parent = within && next();
  if (parent) conditions.push(`${within.column} = ${parent}::uuid`);
  const direction = order?.direction ?? 'DESC';
  const page = `'{"items":[' || coalesce(array_to_string(items[1:$2::int], ','), '') || '],"next":'
      || CASE WHEN cardinality(ids) > $2::int
           THEN '"' || ${cursorSql('ids[$2::int]', order ? 'numbers[$2::int]' : undefined)} || '"' ELSE 'null' END || '}'`;
  const exists = parent && existsSql(within, parent);
  const rows = `
        SELECT ${item} AS item, id${order ? `, ${order.column} AS number` : ''} FROM "${table}"
        WHERE ${conditions.join(' AND ')}
        ORDER BY ${order ? `${order.column} ${direction}, ` : ''}id ${direction} LIMIT $2::int + 1`;
  const isPlain = order === null && !within && where === undefined && filters.length === 0;
  return `
    SELECT ${exists ? `CASE WHEN ${exists} THEN ${page} END` : page}
    FROM (
      SELECT array_agg(item) AS items, array_agg(id) AS ids${order ? ', array_agg(number) AS numbers' : ''}
      FROM (${isPlain && !isLong ? plannedOnce(rows) : rows}) page
    ) pages`;
}

/**
 * The same rows, planned once per connection instead of for each page, which takes as long as reading the page. Postgres
 * keeps a plan if it seems no dearer than those for the values at hand, and guesses that a limit that it doesn't know takes
 * a tenth of the rows. With the longest page between two such limits, the guess is small however many rows an org has. The
 * second ORDER BY sorts nothing: it keeps the outer limits from the planning of the inner one, which must read by index.
 * Not for filters: the best plan depends on their values.
 */
function plannedOnce(rows: string): string {
  return `
        SELECT * FROM (
          SELECT * FROM (${rows}) page ORDER BY id DESC LIMIT ${PAGE_MAX + 1}
        ) page LIMIT $2::int + 1`;
}

function existsSql({ table, owner = 'org_id', where }: Within, parent: string): string {
  const more = where === undefined ? '' : ` AND ${where}`;
  return `EXISTS (SELECT FROM "${table}" WHERE ${owner} = $1 AND id = ${parent}::uuid${more})`;
}

function afterSql(order: Order | null, next: () => string): string {
  if (order === null) return `id < ${next()}`;
  const [id, number] = [next(), next()];
  return `(${order.column}, id) ${order.direction === 'ASC' ? '>' : '<'} (${number}::integer, ${id}::uuid)`;
}
