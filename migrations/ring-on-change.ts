import type { QueryRunner } from 'typeorm';

export interface RingingTable {
  readonly table: string;
  /** What its rows are called in a cached entry's tags: `key` makes `key:<id>`. */
  readonly tag: string;
  /** The NOT NULL column that follows the colon. */
  readonly idColumn: string;
  /** What a fill reads; an UPDATE of any other column rings nobody. */
  readonly columns: readonly string[];
}

/**
 * Makes every process hear of changes to a table that a cached credential is judged by; again, with other columns,
 * replaces what was. The triggers are made by a function in the database, which only a migration changes, so that
 * merged migrations keep doing what they did.
 * A row that a fill joins must be there before the row that points to it (a foreign key): an INSERT drops nothing but
 * the cached refusals of unknown keys.
 */
export async function ringOnChange(runner: QueryRunner, { table, tag, idColumn, columns }: RingingTable) {
  await runner.query('SELECT access_ring_on_change($1, $2, $3, $4)', [table, tag, idColumn, columns]);
}
