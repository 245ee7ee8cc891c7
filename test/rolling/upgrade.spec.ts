import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BalancedLoad, type BalancedRequest } from '../support/balanced-load.js';
import { HttpClient } from '../support/http-client.js';
import { Installation, type OrgKey } from '../support/installation.js';
import { random, scaled } from '../support/load.js';
import { OwnRedis } from '../support/own-redis.js';
import { report } from '../support/report.js';
import { Revocations } from '../support/revocations.js';
import type { ServerProcess } from '../support/server-process.js';
import { StubServer } from '../support/stub-server.js';
import { until } from '../support/until.js';
import { verified } from '../support/webhook-receiver.js';
import { OldAndNew } from './support/old-and-new.js';

const ROUNDS = scaled(25);
const EVENTS = scaled(20);
const LIMIT = 100;
/** Small in CI, because five processes share its two cores with other tests. */
const LOAD = { clients: scaled(8), pauseMsMax: 100 };

let receiver: StubServer;
let redis: OwnRedis;
let world: OldAndNew;
let installation: Installation;
let orgId: string;
let load: BalancedLoad;
/** Those that the balancer knows. */
const servers: ServerProcess[] = [];
let old: ServerProcess[] = [];
let young: ServerProcess[] = [];
/** Takes up to a minute, in which the other tests run. */
let scheduledJob: Promise<void>;

const REQUESTS: readonly (() => BalancedRequest)[] = [
  () => ({ path: '/whoami', expected: 200 }),
  () => ({ path: '/contacts?limit=20', expected: 200 }),
  () => ({
    method: 'POST',
    path: '/contacts',
    body: { contact: { email: `${randomUUID()}@example.com` } },
    expected: 201,
  }),
];

beforeAll(async () => {
  receiver = await StubServer.start('127.0.0.1');
  redis = await OwnRedis.start();
  world = await OldAndNew.make({ OUTBOUND_ALLOWED_HOSTS: `127.0.0.1:${receiver.port}`, REDIS_URL: redis.url });
  ({ installation } = world);
  old = [await world.start('old'), await world.start('old')];
  servers.push(...old);
  orgId = await installation.newOrg(old[0]!);
  const [key] = await installation.storeKeys(orgId, 1);
  load = new BalancedLoad(servers, key!.key, () => random(REQUESTS)(), LOAD);
  await load.start();
  await load.waitForAnswers();
});
afterAll(async () => {
  await load.stop();
  await world.close();
  await redis.kill();
  await receiver.close();
});

async function join(server: ServerProcess): Promise<ServerProcess> {
  await load.connectTo([server]);
  servers.push(server);
  return server;
}

async function leave(server: ServerProcess): Promise<void> {
  await load.waitForAnswers();
  // The balancer learns of it from refused connections.
  expect(await server.stop()).toEqual({ code: 0, signal: null });
  servers.splice(servers.indexOf(server), 1);
}

/** The statuses at one server of keys that another has just revoked. */
async function statusesAfter(here: ServerProcess, there: ServerProcess): Promise<number[]> {
  const keys = await installation.storeKeys(orgId, ROUNDS);
  const client = new HttpClient();
  const statusOf = ({ key }: OrgKey) =>
    client
      .ask(there.url, { path: '/whoami', headers: { Authorization: `Bearer ${key}` } })
      .then(({ status }) => status);
  const statuses: number[] = [];
  for (const key of keys) {
    expect(await statusOf(key)).toBe(200);
    const path = `/partner/v1/orgs/${orgId}/api-keys/${key.id}`;
    expect((await installation.partner.ask(here.url, { method: 'DELETE', path })).status).toBe(204);
    statuses.push(await statusOf(key));
  }
  client.close();
  return statuses;
}

test('migrations run while the last release serves, and it starts on the new schema', async () => {
  const startedAt = performance.now();
  const { applied } = await world.run<{ applied: string[] }>('new', 'migrate');
  report('Migrations under load', {
    applied: applied.length,
    ms: performance.now() - startedAt,
    'slowest request ms': load.slowestMs,
  });
  await load.waitForAnswers();
  old.push(await join(await world.start('old')));
  expect(load.failures).toEqual([]);
});

test('new processes start beside old ones', async () => {
  young = [await join(await world.start('new')), await join(await world.start('new'))];
  scheduledJob = untilItRuns();
  await load.waitForAnswers();
  expect(load.failures).toEqual([]);
});

test('once a process of one release has revoked a key, the processes of the other refuse it', async () => {
  const refused = Array.from({ length: ROUNDS }, () => 401);
  expect(await statusesAfter(old[0]!, young[0]!)).toEqual(refused);
  expect(await statusesAfter(young[0]!, old[0]!)).toEqual(refused);
});

test('under load, no request that starts after a revocation of either release is let in', async () => {
  const revocations = new Revocations(installation, [old[0]!, old[1]!, young[0]!, young[1]!]);
  revocations.startLoad();
  await revocations.revokeKeys(await installation.storeKeys(orgId, scaled(100)), 4);
  await revocations.settle();
  const { figures } = revocations;
  report('Revocations by both releases', {
    keys: figures.keys,
    requests: figures.requests,
    'started after an answer': figures.startedAfterAnswer,
    'let in': figures.letIn.length,
  });
  expect(figures.letIn).toEqual([]);
  expect(figures.unexpected).toEqual([]);
  expect(figures.startedAfterAnswer).toBeGreaterThan(figures.keys);
});

test('a limit is exact over processes of both releases', async () => {
  const settings = { rate_limit: { per_minute: LIMIT } };
  const client = new HttpClient((await installation.newKey(old[0]!, orgId, settings)).key);
  const mixed = [old[0]!, young[0]!, old[1]!, young[1]!];
  const asked = Array.from({ length: 4 * LIMIT }, (_, at) => client.ask(mixed[at % 4]!.url, { path: '/whoami' }));
  const statuses = (await Promise.all(asked)).map(({ status }) => status);
  client.close();
  expect(statuses.filter((status) => status === 200)).toHaveLength(LIMIT);
  expect(statuses.filter((status) => status === 429)).toHaveLength(3 * LIMIT);
});

test('each event of both releases is delivered once', async () => {
  const body = { url: `${receiver.url}/`, events: ['api_key.*'] };
  const made = await installation.partner.ask(young[0]!.url, { method: 'POST', path: '/partner/v1/webhooks', body });
  const { signing_secret } = JSON.parse(made.body) as { signing_secret: string };
  const created: string[] = [];
  for (let event = 0; event < EVENTS; event++) {
    created.push((await installation.newKey(event % 2 === 0 ? old[0]! : young[0]!, orgId)).id);
  }
  await until('each is delivered', async () => !(await arePending()));
  const delivered = receiver.seen.map((request) => String(verified(request, signing_secret).data['id']));
  expect(delivered.sort()).toEqual(created.sort());
});

async function arePending(): Promise<boolean> {
  const sql = `SELECT FROM webhook_deliveries WHERE status <> 'delivered' LIMIT 1`;
  return (await installation.database.query(sql)).rows.length > 0;
}

test('the audit that both releases have written verifies with both', async () => {
  for (const build of ['old', 'new'] as const) {
    expect(await world.run(build, 'audit', 'verify')).toMatchObject({ broken: [] });
  }
});

test('one process of both releases runs a scheduled job each time it is due', async () => {
  await scheduledJob;
  const { rows } = await installation.database.query<{ slot: string }>(
    `SELECT data->>'slot' AS slot FROM pgboss.job WHERE name = '__pgboss__send-it' AND data->>'name' = 'retention'`,
  );
  expect(rows).toHaveLength(new Set(rows.map(({ slot }) => slot)).size);
  const { rowCount } = await installation.database.query(`SELECT FROM pgboss.job WHERE name = 'retention'`);
  expect(rowCount).toBeLessThanOrEqual(rows.length);
});

async function untilItRuns(): Promise<void> {
  const done = `SELECT FROM pgboss.job WHERE name = 'retention' AND state = 'completed'`;
  const runs = async () => {
    // Repeated, because a starting server resets the schedule to its declaration.
    await installation.database.query(`UPDATE pgboss.schedule SET cron = '* * * * *' WHERE name = 'retention'`);
    return (await installation.database.query(done)).rowCount !== 0;
  };
  await until('the scheduled job has run', runs, { everyMs: 500 });
}

test('old processes end under load, and the whole upgrade has failed no request', async () => {
  for (const server of [...old]) await leave(server);
  await load.waitForAnswers();
  await load.stop();
  report('Rolling upgrade', {
    answered: load.answered,
    'turned away': load.turnedAway,
    failed: load.failures.length,
    'slowest request ms': load.slowestMs,
  });
  expect(load.failures).toEqual([]);
  expect([...old, ...young].flatMap((server) => server.complaints)).toEqual([]);
});
