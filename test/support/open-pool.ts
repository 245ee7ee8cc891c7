import pg from 'pg';

/**
 * A pool for a test's own SQL. `pool.end()` resolves before the sessions have ended, so dropping the database may end
 * one of them first. That is no error of a test.
 */
export function openPool(url: string, max: number): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max });
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}
