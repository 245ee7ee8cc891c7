import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import type { Installation } from '../../support/installation.js';

const WAIT_MS = 50;

/** Sends a request to the management API from the page, with its session. */
export function manage(page: Page, path: string, body: object): Promise<Record<string, unknown>> {
  const headers = { 'X-Requested-With': 'gatehouse', 'Content-Type': 'application/json' };
  const init = { method: 'POST', headers, body: JSON.stringify(body) };
  return page.evaluate(`fetch('/manage/v1/${path}', ${JSON.stringify(init)}).then((answer) => answer.json())`);
}

/** Calls the API with a key. @returns the request id of the response, as a client logs it */
export async function call(url: string, key: string, path: string, method = 'GET'): Promise<string> {
  const headers = { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' };
  const answer = await fetch(url + path, { method, headers, ...(method === 'POST' && { body: '{}' }) });
  await answer.arrayBuffer();
  return answer.headers.get('x-request-id')!;
}

/** Waits until the log has the request. Entries are stored each second. */
export async function logged({ database }: Installation, requestId: string): Promise<void> {
  const sql = 'SELECT count(*)::int AS count FROM request_log WHERE request_id = $1';
  while ((await database.query<{ count: number }>(sql, [requestId])).rows[0]!.count === 0) await pause(WAIT_MS);
}

/** Moves an entry of the log an hour back. Its id has the time in its first 48 bits. */
export async function anHourAgo({ database }: Installation, requestId: string): Promise<void> {
  await logged({ database } as Installation, requestId);
  await database.query(
    `UPDATE request_log SET at = at - interval '1 hour', id = (
       lpad(to_hex((('x' || lpad(left(replace(id::text, '-', ''), 12), 16, '0'))::bit(64)::bigint - 3600000)), 12, '0')
       || substr(replace(id::text, '-', ''), 13)
     )::uuid WHERE request_id = $1`,
    [requestId],
  );
}
