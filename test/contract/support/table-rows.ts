import type { TestServer } from '../../support/start-app.js';

/** Of every table the rows, as text. */
export type TableRows = ReadonlyMap<string, ReadonlySet<string>>;

/** Written by every request, or by the server for itself: the leases and versions of the credential cache, usage. */
const NOT_BY_REQUESTS = /^(access_|key_usage$|usage_flushes$)/;
/** When a credential was last used is no part of what it is. */
const TOUCHED_BY_USE = ['last_seen_at', 'last_used_at'];

export async function readTables({ database }: TestServer): Promise<TableRows> {
  const names = await database.pool.query<{ name: string }>(
    'SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1',
  );
  const tables = new Map<string, ReadonlySet<string>>();
  for (const { name } of names.rows.filter((table) => !NOT_BY_REQUESTS.test(table.name))) {
    const { rows } = await database.pool.query<{ row: string }>(
      `SELECT (to_jsonb(rows) - $1::text[])::text AS row FROM "${name}" rows`,
      [TOUCHED_BY_USE],
    );
    tables.set(name, new Set(rows.map(({ row }) => row)));
  }
  return tables;
}

/** Every row that is there now and wasn't, or was and isn't. */
export function changedRows(before: TableRows, after: TableRows): string[] {
  return [...after].flatMap(([table, rows]) => {
    const earlier = before.get(table)!;
    return [
      ...[...rows].filter((row) => !earlier.has(row)).map((row) => `in ${table}: ${row}`),
      ...[...earlier].filter((row) => !rows.has(row)).map((row) => `gone from ${table}: ${row}`),
    ];
  });
}
