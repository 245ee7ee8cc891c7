import { beforeAll, expect, test } from 'vitest';
import { LogDays } from '../../src/insight/request-log/log-days.js';
import { LogStore, type StoredEntry } from '../../src/insight/request-log/log-store.js';
import { uuidV7At } from '../../src/core/database/uuid-v7.js';
import { TestServer } from '../support/start-app.js';

const DAY_MS = 86_400_000;
/** Far from the days of the server's own requests. */
const NOON = Date.UTC(2031, 5, 15, 12);
const NEVER = new AbortController().signal;

const server = TestServer.forSuite({ REQUEST_LOG: 'off', REQUEST_LOG_DAYS: '3' });
let days: LogDays;
let store: LogStore;
beforeAll(() => {
  days = server.app.get(LogDays);
  store = server.app.get(LogStore);
});

async function partitions(): Promise<string[]> {
  const { rows } = await server.owner.query<{ name: string }>(
    `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'request_log'::regclass ORDER BY 1`,
  );
  return rows.map(({ name }) => name.replace('request_log_', ''));
}

function entryAt(atMs: number): StoredEntry {
  const none = { code: null, guard: null, reason: null, message: null, country: null, user_agent: null, service: null };
  const callers = { api_key_id: null, credential_id: null, org_id: null, partner_id: null, service_id: null };
  const answer = { status: 200, outcome: 'allowed', duration_ms: 0.25, weight: 1 } as const;
  const request = { request_id: 'one', method: 'GET', route: '/tags', client_address: '2001:db8::1' };
  return { id: uuidV7At(atMs, 0), atMs, ...request, ...answer, ...none, ...callers };
}

const count = async () => Number((await server.database.query('SELECT count(*) FROM request_log')).rows[0]!['count']);

test('an entry is stored on the day of its time, which is made with two more if it is missing', async () => {
  await store.insert([entryAt(NOON)]);
  expect(await partitions()).toEqual(['20310615', '20310616', '20310617']);
  const { rows } = await server.owner.query('SELECT count(*)::int FROM request_log_20310615');
  expect(rows).toEqual([{ count: 1 }]);
});

test('a day begins and ends at midnight in UTC', async () => {
  const start = Date.UTC(2031, 5, 16);
  await store.insert([entryAt(start - 1), entryAt(start), entryAt(start + DAY_MS - 1)]);
  const { rows } = await server.owner.query(
    'SELECT tableoid::regclass::text AS day, count(*)::int FROM request_log GROUP BY 1 ORDER BY 1',
  );
  expect(rows).toEqual([
    { day: 'request_log_20310615', count: 2 },
    { day: 'request_log_20310616', count: 2 },
  ]);
});

test('a batch that is stored twice is stored once', async () => {
  const before = await count();
  const batch = [entryAt(NOON), entryAt(NOON + 1)];
  await Promise.all([store.insert(batch), store.insert(batch)]);
  await store.insert(batch);
  expect(await count()).toBe(before + 2);
});

test('no batch is lost if its day is dropped meanwhile', async () => {
  await store.insert([entryAt(NOON)]);
  await server.owner.query('DROP TABLE request_log_20310615');
  const before = await count();
  await store.insert([entryAt(NOON)]);
  expect(await count()).toBe(before + 1);
});

test('processes can make the same day at once', async () => {
  const sql = `SELECT add_request_log_day('2031-07-01')`;
  await Promise.all(Array.from({ length: 5 }, () => server.database.query(sql)));
  expect(await partitions()).toContain('20310701');
});

test('the job makes the next days and drops those before the retention, while others read and write', async () => {
  const old = [9, 4, 3].map((ago) => NOON - ago * DAY_MS);
  for (const at of old) await store.insert([entryAt(at)]);
  const reader = await server.owner.connect();
  try {
    // Holds its lock on the whole log until it commits.
    await reader.query('BEGIN');
    await reader.query('SELECT count(*) FROM request_log');
    const kept = days.keep(NEVER, NOON);
    for (let write = 0; write < 5; write++) await store.insert([entryAt(NOON + write)]);
    expect(await partitions()).toContain('20310606');
    await reader.query('COMMIT');
    await kept;
  } finally {
    reader.release();
  }
  expect((await partitions()).filter((day) => day < '20310701')).toEqual([
    '20310612',
    '20310613',
    '20310614',
    '20310615',
    '20310616',
    '20310617',
    '20310618',
  ]);
});
