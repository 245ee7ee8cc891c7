import { afterAll, beforeAll, expect, test } from 'vitest';
import { HttpClient } from '../support/http-client.js';
import { Installation } from '../support/installation.js';
import { OwnPgBouncer, PGBOUNCER_1_24, type PgBouncerSettings, SYSTEM_PGBOUNCER } from '../support/own-pgbouncer.js';
import { OwnPostgres } from '../support/own-postgres.js';
import type { Settings } from '../support/server-process.js';

const SENTENCE =
  'Configuration: DATABASE_URL leads through a pooler in transaction mode without prepared statements (PgBouncer before 1.21, or max_prepared_statements = 0): ';
/** As PgBouncer before 1.21, whatever the version of the system. */
const WITHOUT = { max_prepared_statements: 0 };

let postgres: OwnPostgres;
let installation: Installation;
beforeAll(async () => {
  postgres = await OwnPostgres.start();
  installation = await Installation.on(postgres);
});
afterAll(async () => {
  await installation.close();
  await postgres.remove();
});

async function startBehind(program: string, pooler: PgBouncerSettings, settings: Settings = {}): Promise<void> {
  const bouncer = await OwnPgBouncer.start(program, postgres.serverUrl, pooler);
  try {
    const urls = { DATABASE_URL: bouncer.url, DATABASE_DIRECT_URL: postgres.serverUrl };
    const server = await installation.startServer({ ...urls, ...settings });
    const orgId = await installation.newOrg(server);
    const keys = await installation.storeKeys(orgId, 4);
    // More connections than the pooler has sessions.
    const answers = await Promise.all(
      Array.from({ length: 60 }, async (_, at) => {
        const client = new HttpClient(keys[at % 4]!.key);
        const { status } = await client.ask(server.url, { path: '/contacts?limit=20' });
        client.close();
        return status;
      }),
    );
    expect(new Set(answers)).toEqual(new Set([200]));
    expect(server.complaints).toEqual([]);
    await server.stop();
  } finally {
    await bouncer.remove();
  }
}

test.for<[string, PgBouncerSettings]>([
  ['four sessions', {}],
  ['one session', { default_pool_size: 1 }],
  ['ten sessions in turn', { default_pool_size: 10, min_pool_size: 10, server_round_robin: 1 }],
])('PgBouncer 1.24 without prepared statements is refused at the start: %s', async ([, pooler]) => {
  await expect(startBehind(PGBOUNCER_1_24, { ...WITHOUT, ...pooler })).rejects.toThrow(SENTENCE);
});

test.for<[string, PgBouncerSettings]>([
  ['four sessions', {}],
  ['one session', { default_pool_size: 1 }],
  ['ten sessions in turn', { default_pool_size: 10, min_pool_size: 10, server_round_robin: 1 }],
])('PgBouncer 1.24 with prepared statements serves: %s', async ([, pooler]) => {
  await startBehind(PGBOUNCER_1_24, { max_prepared_statements: 200, ...pooler });
});

test("the system's PgBouncer without prepared statements is refused in transaction mode", async () => {
  const isOld = (await OwnPgBouncer.versionOf(SYSTEM_PGBOUNCER)) < 1.21;
  await expect(startBehind(SYSTEM_PGBOUNCER, isOld ? {} : WITHOUT)).rejects.toThrow(SENTENCE);
});

test("the system's PgBouncer serves in session mode", async () => {
  await startBehind(SYSTEM_PGBOUNCER, { pool_mode: 'session', default_pool_size: 30 });
});

test("the system's PgBouncer serves in transaction mode without the fast lane", async () => {
  await startBehind(SYSTEM_PGBOUNCER, {}, { DATABASE_FAST_LANE: 'off' });
});
