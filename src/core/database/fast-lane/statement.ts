import type { Pool } from 'pg';
import type { WireValue } from '../wire-value.js';

/** SQL that answers with one column of text. */
export interface Statement {
  /** At most 63 bytes, Postgres's limit; the same name always means the same SQL. Empty: planned for each run. */
  readonly name: string;
  readonly text: string;
}

/** The first column of the first row, as Postgres sends it; null when it is NULL, undefined without a row. */
export type TextAnswer = string | null | undefined;

/**
 * Runs a statement on a connection of the pool, and destroys the connection only when it may be broken.
 * @throws what the database reports (with its SQLSTATE), or a plain error when it is away
 */
export type RunStatement = (pool: Pool, statement: Statement, values: readonly WireValue[]) => Promise<TextAnswer>;
