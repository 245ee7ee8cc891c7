import type { EntityMetadata } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';

/**
 * SQL for a row's JSON text as the API returns it: visible columns, times in ISO 8601 UTC with milliseconds. It is a
 * scalar subquery over the row's columns, valid in SELECT and RETURNING.
 * @param computed other fields: name → SQL that refers to the row's table by its name
 */
export function rowAsJson(metadata: EntityMetadata, computed: Readonly<Record<string, string>> = {}): string {
  const visible = metadata.columns.filter(({ isSelect }) => isSelect);
  // The times of creation and change come last, for readers.
  const times = visible.filter(({ isCreateDate, isUpdateDate }) => isCreateDate || isUpdateDate);
  const others = visible.filter((column) => !times.includes(column));
  const fields = [
    ...others.map(fieldSql),
    ...Object.entries(computed).map(([name, sql]) => `(${sql}) AS "${name}"`),
    ...times.map(fieldSql),
  ];
  return `(SELECT row_to_json(wire)::text FROM (SELECT ${fields.join(', ')}) wire)`;
}

function fieldSql({ entityMetadata, databaseName, type }: ColumnMetadata): string {
  const column = `"${entityMetadata.tableName}"."${databaseName}"`;
  return `${type === 'timestamptz' ? instantAsText(column) : column} AS "${databaseName}"`;
}

/** An instant as `Date.toISOString` writes it. */
export function instantAsText(column: string): string {
  return `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}
