import { waitUntilInForce } from '../../src/access/freshness/in-force.js';
import type { TestServer } from './start-app.js';

/** A change behind the server's back, in force when it returns. */
export async function changeBySql({ database }: TestServer, sql: string, values: readonly unknown[]): Promise<void> {
  await database.pool.query(sql, [...values]);
  await waitUntilInForce(database.query);
}
