import { v7 } from 'uuid';
import type { RequestLogEntry } from '../../src/insight/request-log/request-log-entry.entity.js';
import type { TestServer } from './start-app.js';

type Fields = Partial<Omit<RequestLogEntry, 'at'>> & { readonly at?: Date };

let count = 0;

/** Stores entries of the request log as they are, in order. Each is a millisecond newer than the one before. */
export async function storeRequests(server: TestServer, entries: readonly Fields[]): Promise<RequestLogEntry[]> {
  const startMs = Date.now() - entries.length;
  const rows = entries.map((fields, index): RequestLogEntry => {
    const at = fields.at ?? new Date(startMs + index);
    count += 1;
    return {
      ...{
        id: v7({ msecs: at.getTime() }),
        request_id: `req-${count}`,
        method: 'GET',
        route: '/contacts',
        service: null,
      },
      ...{ status: 200, outcome: 'allowed', code: null, guard: null, reason: null, message: null },
      ...{ api_key_id: null, credential_id: null, org_id: null, partner_id: null, service_id: null },
      ...{ client_address: '203.0.113.7', country: null, user_agent: 'curl/8.10', duration_ms: 1.5, weight: 1 },
      ...fields,
      at,
    };
  });
  const days = new Set(rows.map(({ at }) => at.toISOString().slice(0, 10)));
  for (const day of days) await server.owner.query('SELECT add_request_log_day($1)', [day]);
  await server.owner.query(
    'INSERT INTO request_log SELECT * FROM jsonb_populate_recordset(NULL::request_log, $1::jsonb)',
    [JSON.stringify(rows)],
  );
  return rows;
}

/** The fields of a request that the scope guard refused. */
export const DENIED: Fields = {
  ...{ method: 'POST', route: '/tags', status: 403, outcome: 'denied', code: 'scope_missing' },
  ...{
    guard: 'Scope',
    reason: 'scope_missing',
    message: 'This API key does not have the required scope: "tags:write".',
  },
};
