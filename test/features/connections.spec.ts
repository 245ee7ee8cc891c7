import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadConfig } from '../../src/core/config/config.js';
import { CONNECTIONS, connectionsMax } from '../../src/core/database/connection-budget.js';
import { createLog } from '../../src/core/logging/log.js';
import { openServices } from '../../src/programs/cli/services.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FAST_LANE } from '../support/fast-lane.js';
import { openPool } from '../support/open-pool.js';
import { TestServer } from '../support/start-app.js';

/** A server's, without those of jobs and the lease, which have names of their own. */
const OF_A_SERVER =
  connectionsMax(loadConfig(FAST_LANE)) - CONNECTIONS.jobs - CONNECTIONS.lease - CONNECTIONS.unansweredLease;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

async function connectionsTo(url: string): Promise<number> {
  const pool = openPool(url, 1);
  try {
    const { rows } = await pool.query<{ count: number }>(
      `SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'gatehouse'`,
    );
    return rows[0]!.count;
  } finally {
    await pool.end();
  }
}

it('a server opens all its connections before its first request', async () => {
  const server = await TestServer.start();
  expect(await connectionsTo(server.databaseUrl)).toBe(OF_A_SERVER);
  await server.close();
});

it('a command opens no lanes for inserts', async () => {
  const secrets = { ENCRYPTION_KEY: randomBytes(32).toString('base64') };
  const config = loadConfig({ LOG_LEVEL: 'silent', DATABASE_URL: database.serverUrl, ...secrets, ...FAST_LANE });
  const context = await openServices(config, createLog(config), { services: [], entities: [] });
  expect(await connectionsTo(database.url)).toBeLessThanOrEqual(4);
  await context.close();
});
