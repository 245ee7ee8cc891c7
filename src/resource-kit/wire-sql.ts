import type { EntityMetadata } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import { cursorSql } from './cursor.js';
import type { Filter } from './filters.js';

/**
 * SQL for a row as the wire has it: JSON text of its visible columns, times in ISO 8601 UTC with milliseconds. A
 * scalar subquery over the row's own columns, so that it can stand in a SELECT and in a RETURNING.
 */
export function rowAsJson(metadata: EntityMetadata, computed: Readonly<Record<string, string>> = {}): string {
  const columns = metadata.columns
    .filter(({ isSelect }) => isSelect)
    .sort((one, other) => Number(isTime(one)) - Number(isTime(other)))
    .map(({ databaseName, type }) => {
      const column = `"${metadata.tableName}"."${databaseName}"`;
      return `${type === 'timestamptz' ? instantAsText(column) : column} AS "${databaseName}"`;
    });
  const others = Object.entries(computed).map(([name, sql]) => `(${sql}) AS "${name}"`);
  return `(SELECT row_to_json(wire)::text FROM (SELECT ${[...columns, ...others].join(', ')}) wire)`;
}

/** When a row was made and changed comes last, as people read it. */
function isTime({ isCreateDate, isUpdateDate }: ColumnMetadata): boolean {
  return isCreateDate || isUpdateDate;
}

/** As `Date.toISOString` writes it. */
export function instantAsText(column: string): string {
  return `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

/**
 * SQL for a page, newest first, and the cursor of the next one, as one JSON text. Values: the org, the limit, then the
 * cursor's id if there is one, then the filters' in their order. One row more than asked for tells whether there is a
 * next page.
 */
export function pageSql(metadata: EntityMetadata, row: string, hasCursor: boolean, filters: readonly Filter[]): string {
  const conditions = ['org_id = $1', ...(hasCursor ? ['id < $3'] : [])];
  const first = conditions.length + 2;
  filters.forEach(({ condition }, index) => conditions.push(condition(`$${first + index}`)));
  return `
    SELECT '{"items":[' || coalesce(array_to_string(items[1:$2::int], ','), '') || '],"next":'
      || CASE WHEN cardinality(ids) > $2::int THEN '"' || ${cursorSql('ids[$2::int]')} || '"' ELSE 'null' END || '}'
    FROM (
      SELECT array_agg(item) AS items, array_agg(id) AS ids
      FROM (
        SELECT ${row} AS item, id FROM "${metadata.tableName}"
        WHERE ${conditions.join(' AND ')} ORDER BY id DESC LIMIT $2::int + 1
      ) page
    ) pages`;
}
