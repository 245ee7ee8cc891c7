import { RequestLog } from '../../src/insight/request-log/request-log.service.js';
import type { TestServer } from './start-app.js';

/** A row of the request log. */
export type Entry = Readonly<Record<string, unknown>>;

/** The entries of what happens meanwhile, oldest first. */
export async function entriesOf(server: TestServer, meanwhile: () => Promise<unknown>): Promise<Entry[]> {
  const log = server.app.get(RequestLog);
  await log.flush();
  const { rows: before } = await server.database.query('SELECT id FROM request_log');
  await meanwhile();
  await log.flush();
  const sql = 'SELECT to_jsonb(request_log) AS entry FROM request_log WHERE id <> ALL ($1::uuid[]) ORDER BY id';
  const { rows } = await server.database.query(sql, [before.map(({ id }) => id)]);
  return rows.map(({ entry }) => entry as Entry);
}
