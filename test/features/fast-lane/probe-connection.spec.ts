import { afterAll, beforeAll, expect, it } from 'vitest';
import { timeoutsOf } from '../../../src/core/database/connection-settings.js';
import { ProbeConnection } from '../../../src/core/database/fast-lane/probe-connection.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { FreezableProxy } from '../../support/freezable-proxy.js';

let database: TestDatabase;
let proxy: FreezableProxy;
let connection: ProbeConnection;
beforeAll(async () => {
  database = await createTestDatabase();
  proxy = await FreezableProxy.start(database.url);
  connection = await ProbeConnection.open({ url: proxy.url, timeouts: timeoutsOf(60_000) });
});
afterAll(async () => {
  await connection.close();
  await proxy.stop();
  await database.drop();
});

const SESSION = { name: 'session', text: 'select pg_backend_pid()::text' };

it('probes that find the connection lost share the next one', async () => {
  const before = await connection.run(SESSION, []);
  proxy.cut();
  await expect(connection.run(SESSION, [])).rejects.toThrow();
  const [one, other] = await Promise.all([connection.run(SESSION, []), connection.run(SESSION, [])]);
  expect(one).not.toBe(before);
  expect(other).toBe(one);
});
