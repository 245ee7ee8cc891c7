import type { QueryRunner } from 'typeorm';

export interface RingingTable {
  readonly table: string;
  /** The prefix of its tags on cached entries: `key` for `key:<id>`. */
  readonly tag: string;
  /** The NOT NULL column that follows the colon. */
  readonly idColumn: string;
  /** The columns that a cache fill reads. An UPDATE of other columns does not notify. */
  readonly columns: readonly string[];
}

/**
 * Notifies every process of changes to a table that cached credentials depend on. A second call replaces the columns.
 * A database function creates the triggers, and only a migration changes it, so merged migrations stay the same.
 * Rows that a fill joins must exist before the rows that refer to them (foreign keys), because an INSERT drops only the
 * cached refusals of unknown keys.
 */
export async function ringOnChange(runner: QueryRunner, { table, tag, idColumn, columns }: RingingTable) {
  await runner.query('SELECT access_ring_on_change($1, $2, $3, $4)', [table, tag, idColumn, columns]);
}
