import type { EntityMetadata } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';

/**
 * SQL for a row as the wire has it: JSON text of its visible columns, times in ISO 8601 UTC with milliseconds. A
 * scalar subquery over the row's own columns, so that it can stand in a SELECT and in a RETURNING.
 * @param computed fields that are no columns: name → SQL that sees the row's table by its name
 */
export function rowAsJson(metadata: EntityMetadata, computed: Readonly<Record<string, string>> = {}): string {
  const columns = metadata.columns
    .filter(({ isSelect }) => isSelect)
    .sort((one, other) => Number(isOfEveryRow(one)) - Number(isOfEveryRow(other)))
    .map(({ databaseName, type }) => {
      const column = `"${metadata.tableName}"."${databaseName}"`;
      return `${type === 'timestamptz' ? instantAsText(column) : column} AS "${databaseName}"`;
    });
  const others = Object.entries(computed).map(([name, sql]) => `(${sql}) AS "${name}"`);
  return `(SELECT row_to_json(wire)::text FROM (SELECT ${[...columns, ...others].join(', ')}) wire)`;
}

/** An instant as `Date.toISOString` writes it. */
export function instantAsText(column: string): string {
  return `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

/** When a row was made and changed comes last, as people read it. */
function isOfEveryRow({ isCreateDate, isUpdateDate }: ColumnMetadata): boolean {
  return isCreateDate || isUpdateDate;
}
