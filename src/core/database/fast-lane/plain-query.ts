import pg from 'pg';
import type { RunStatement } from './statement.js';

/** Hands on the text that Postgres sends, whatever the column's type. */
const AS_TEXT = { getTypeParser: () => (text: string) => text } as pg.CustomTypesConfig;

/** A parameterised query by pg's public interface, planned for each run. */
export const runPlainly: RunStatement = async (pool, { text }, values) => {
  const client = await pool.connect();
  let lost: Error | undefined;
  try {
    const query = { text, values: [...values], rowMode: 'array', types: AS_TEXT } as const;
    const { rows } = await client.query<(string | null)[]>(query);
    return rows[0]?.[0];
  } catch (error) {
    if (!isStatementError(error)) lost = error as Error;
    throw error;
  } finally {
    client.release(lost);
  }
};

/** True for an error of one statement, after which its connection is as good as before. */
export function isStatementError(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.severity === 'ERROR';
}
