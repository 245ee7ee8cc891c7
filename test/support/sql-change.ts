import { waitUntilInForce } from '../../src/access/freshness/in-force.js';
import type { TestServer } from './start-app.js';

/** Changes rows by SQL, with effect in the cache once it resolves. */
export async function changeBySql({ database }: TestServer, sql: string, values: readonly unknown[]): Promise<void> {
  await database.pool.query(sql, [...values]);
  await waitUntilInForce(database.query);
}
