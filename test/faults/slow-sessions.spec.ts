import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { HttpClient } from '../support/http-client.js';
import { Installation } from '../support/installation.js';
import { Load } from '../support/load.js';
import { report } from '../support/report.js';
import { SerialProxy } from '../support/serial-proxy.js';
import type { ServerProcess } from '../support/server-process.js';
import { until } from '../support/until.js';

/** The places of a server, all asked for at once, would take longer than the 1.5 s that a caller waits. */
const SESSION_START_MS = 150;
/** More than the pool has places. */
const WORKERS = 16;

let database: TestDatabase;
let installation: Installation;
let proxy: SerialProxy;
let server: ServerProcess;
let client: HttpClient;
beforeAll(async () => {
  database = await createTestDatabase();
  installation = await Installation.on(database);
  proxy = await SerialProxy.start(installation.databaseUrl);
  server = await installation.startServer({ DATABASE_URL: proxy.url });
  client = new HttpClient((await installation.newKey(server, await installation.newOrg(server))).key);
});
afterAll(async () => {
  client.close();
  await installation.close();
  await proxy.stop();
  await database.drop();
});

test('a server serves again under load after Postgres hung and starts new sessions slowly', async () => {
  let served = 0;
  let refused = 0;
  const load = new Load(WORKERS, async () => {
    const { status } = await client.ask(server.url, { path: '/contacts' });
    if (status === 200) served++;
    else refused++;
    await sleep(10);
  });
  await until('the load runs', () => served > 100);

  proxy.startMs = SESSION_START_MS;
  proxy.hang();
  proxy.cut();
  // Long enough for several attempts at each place.
  await until('many requests are refused', () => refused > WORKERS * 4);
  proxy.goOn();
  const backAt = performance.now();
  const servedBefore = served;
  await until('requests are served again', () => served > servedBefore + 500);
  const servedAfterMs = performance.now() - backAt;
  await load.stop();

  report('slow sessions', {
    '500 requests served after ms': servedAfterMs,
    refused,
    'sessions for clients that had gone': proxy.wasted,
  });
  expect(server.complaints).toEqual([]);
});
