import type { Database } from '../database/database.js';
import type { PreparedRead } from '../database/prepared-read.js';
import { cursorSql } from './cursor.js';
import type { Filter, Filters } from './filters.js';
import type { PageRequest } from './list-queries.js';

export interface Pages {
  readonly table: string;
  /** SQL for one row as JSON text, which sees the table's row. */
  readonly item: string;
  readonly filters: Filters;
  /** True when a page takes its time, whatever it is filtered by, so that it must not hold up quick reads. */
  readonly maySlow?: boolean;
}

/**
 * The list of a table with `org_id` and `id`, newest first, `{items, next}` as JSON text: one prepared statement for
 * each set of filters that is asked for. Its key is (org_id, id), which makes all pages cost the same.
 */
export class PreparedPages {
  readonly #statements = new Map<number, PreparedRead>();

  constructor(
    private readonly database: Database,
    private readonly pages: Pages,
  ) {}

  async text(orgId: string, { shape, values }: PageRequest): Promise<string> {
    let statement = this.#statements.get(shape);
    if (statement === undefined) this.#statements.set(shape, (statement = this.#prepare(shape)));
    return (await statement.text([orgId, ...values]))!;
  }

  #prepare(shape: number): PreparedRead {
    const { table, item, filters, maySlow = false } = this.pages;
    const given = Object.values(filters).filter((_, index) => shape & (2 << index));
    const isSlow = maySlow || given.some((filter) => filter.maySlow);
    const reads = isSlow ? this.database.slowReads : this.database.reads;
    return reads.prepare(`${table}.page.${shape.toString(36)}`, pageSql(table, item, (shape & 1) === 1, given));
  }
}

/** One row more than asked for tells whether there is a next page, whose cursor is the last row that is shown. */
function pageSql(table: string, item: string, hasCursor: boolean, filters: readonly Filter[]): string {
  const conditions = hasCursor ? ['org_id = $1', 'id < $3'] : ['org_id = $1'];
  const firstFilter = conditions.length + 2;
  filters.forEach(({ condition }, index) => conditions.push(condition(`$${firstFilter + index}`)));
  return `
    SELECT '{"items":[' || coalesce(array_to_string(items[1:$2::int], ','), '') || '],"next":'
      || CASE WHEN cardinality(ids) > $2::int THEN '"' || ${cursorSql('ids[$2::int]')} || '"' ELSE 'null' END || '}'
    FROM (
      SELECT array_agg(item) AS items, array_agg(id) AS ids
      FROM (
        SELECT ${item} AS item, id FROM "${table}"
        WHERE ${conditions.join(' AND ')} ORDER BY id DESC LIMIT $2::int + 1
      ) page
    ) pages`;
}
