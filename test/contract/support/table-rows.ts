import type { TestServer } from '../../support/start-app.js';

/** The rows of each table as text. */
export type TableRows = ReadonlyMap<string, ReadonlySet<string>>;

/** Written by every request or by background work: the credential cache, usage counts, the log, freed storage. */
const NOT_BY_REQUESTS =
  /^(access_|key_usage$|key_refusals$|key_scope_uses$|credential_uses$|usage_flushes$|request_log|freed_storage$)/;
/** The time of last use changes with every request. */
const TOUCHED_BY_USE = ['last_seen_at', 'last_used_at'];

/** A consistent snapshot of all tables. */
export async function readTables({ database }: TestServer): Promise<TableRows> {
  const { rows: tables } = await database.pool.query<{ name: string }>(
    // Rows of partitions are in their table.
    `SELECT relname AS name FROM pg_class
     WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY 1`,
  );
  const names = tables.map(({ name }) => name).filter((name) => !NOT_BY_REQUESTS.test(name));
  const selects = names.map(
    (name) => `SELECT '${name}' AS name, (to_jsonb(rows) - $1::text[])::text AS row FROM "${name}" rows`,
  );
  const { rows } = await database.pool.query<{ name: string; row: string }>(selects.join(' UNION ALL '), [
    TOUCHED_BY_USE,
  ]);
  const found = new Map(names.map((name) => [name, new Set<string>()]));
  for (const { name, row } of rows) found.get(name)!.add(row);
  return found;
}

/** The added and removed rows; a changed row is both. */
export function changedRows(before: TableRows, after: TableRows): string[] {
  return [...after].flatMap(([table, rows]) => {
    const earlier = before.get(table)!;
    return [
      ...[...rows].filter((row) => !earlier.has(row)).map((row) => `in ${table}: ${row}`),
      ...[...earlier].filter((row) => !rows.has(row)).map((row) => `gone from ${table}: ${row}`),
    ];
  });
}
