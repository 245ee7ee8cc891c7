import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { loadConfig } from '../../src/core/config/config.js';
import { connectionsMax } from '../../src/core/database/connection-budget.js';
import { FAST_LANE } from '../support/fast-lane.js';
import { type Ask, HttpClient } from '../support/http-client.js';
import { Installation } from '../support/installation.js';
import { Load, promisedWithin } from '../support/load.js';
import { OwnPostgres } from '../support/own-postgres.js';
import { report } from '../support/report.js';
import type { ServerProcess } from '../support/server-process.js';
import { until } from '../support/until.js';

const SESSIONS_MAX = connectionsMax(loadConfig(FAST_LANE));
const WORKERS = 16;
const REFUSED_WITHIN_MS = promisedWithin(5_000);
const FULL_SERVICE_AFTER_MS = promisedWithin(2_000);

let postgres: OwnPostgres;
let installation: Installation;
let server: ServerProcess;
let client: HttpClient;
beforeAll(async () => {
  postgres = await OwnPostgres.start();
  installation = await Installation.on(postgres);
  server = await installation.startServer();
  client = new HttpClient((await installation.newKey(server, await installation.newOrg(server))).key);
});
afterEach(() => standbyIsBack());
afterAll(async () => {
  client.close();
  await installation.close();
  await postgres.remove();
});

/** From now on every COMMIT waits, because no standby has that name. */
async function standbyIsAway(): Promise<void> {
  await setStandby('away');
  // Postgres reads its settings some time after it is told to.
  await until('a COMMIT waits', commitWaits);
}

async function commitWaits(): Promise<boolean> {
  let isDone = false;
  let hasWaited = false;
  const committed = postgres.query("select pg_logical_emit_message(true, 'a commit', '')").then(() => (isDone = true));
  await until('the COMMIT has ended or is canceled', async () => {
    const canceled = await postgres.query(
      "select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'SyncRep' and query like '%''a commit''%'",
    );
    hasWaited ||= canceled.length > 0;
    return isDone;
  });
  await committed;
  return hasWaited;
}

/** Waiting COMMITs end as when a standby confirms them. */
async function standbyIsBack(): Promise<void> {
  await setStandby('');
}

async function setStandby(name: string): Promise<void> {
  await postgres.query(`alter system set synchronous_standby_names = '${name}'`);
  await postgres.query('select pg_reload_conf()');
}

const newContact = (): Ask => ({
  method: 'POST',
  path: '/contacts',
  body: { contact: { email: `${randomUUID()}@example.com` } },
});
const newOrg = (): Ask => ({ method: 'POST', path: '/partner/v1/orgs', body: { name: 'Without a standby' } });

interface Session {
  readonly pid: number;
  readonly name: string;
  readonly is_waiting: boolean;
}

/** Of the server. */
function sessions(): Promise<Session[]> {
  return postgres.query<Session & Record<string, unknown>>(
    `select pid, application_name as name, wait_event is not distinct from 'SyncRep' as is_waiting
     from pg_stat_activity where application_name like 'gatehouse%'`,
  );
}

test('writes without a standby are refused in time, and use no more sessions than the pool has', async () => {
  await standbyIsAway();
  const seen: { status: number; ms: number; retryAfter: unknown; startedAt: number }[] = [];
  const load = new Load(WORKERS, async () => {
    const startedAt = performance.now();
    const asked =
      Math.random() < 0.8 ? client.ask(server.url, newContact()) : installation.partner.ask(server.url, newOrg());
    const { status, headers } = await asked;
    seen.push({ status, ms: performance.now() - startedAt, retryAfter: headers['retry-after'], startedAt });
  });
  await until('a write waits for the standby', async () => (await sessions()).some((session) => session.is_waiting));
  const awayAt = performance.now();
  const refusals = () => seen.filter(({ startedAt }) => startedAt > awayAt);
  let most = 0;
  // Three rounds of the pool: without a bound, each round leaves ten sessions behind.
  await until('many writes are refused', async () => {
    most = Math.max(most, (await sessions()).length);
    return refusals().length >= WORKERS * 5;
  });
  const refused = refusals();
  const backAt = performance.now();
  await standbyIsBack();
  await until(
    'writes are served again',
    () => seen.filter(({ status, startedAt }) => status === 201 && startedAt > backAt).length > WORKERS,
  );
  await sleep(3_000);
  await load.stop();

  const late = seen.filter(({ status, startedAt }) => status !== 201 && startedAt > backAt + FULL_SERVICE_AFTER_MS);
  report('no standby', {
    '503s': refused.length,
    'slowest 503 ms': Math.max(...refused.map(({ ms }) => ms)),
    'most sessions': most,
    'first 201 ms after the standby':
      Math.min(
        ...seen
          .filter(({ status, startedAt }) => status === 201 && startedAt > awayAt)
          .map(({ startedAt, ms }) => startedAt + ms),
      ) - backAt,
  });
  expect(new Set(refused.map(({ status, retryAfter }) => `${status} ${String(retryAfter)}`))).toEqual(
    new Set(['503 1']),
  );
  expect(refused.filter(({ ms }) => ms > REFUSED_WITHIN_MS)).toEqual([]);
  expect(most).toBeLessThanOrEqual(SESSIONS_MAX);
  expect(late).toEqual([]);
  expect(server.complaints).toEqual([]);
});

test('FRESHNESS=strict is refused at the start if no commit waits for a standby', async () => {
  const sentence = 'Configuration: FRESHNESS=strict requires synchronous_standby_names in Postgres';
  await expect(installation.startServer({ FRESHNESS: 'strict' })).rejects.toThrow(sentence);
});

test('a lease that cannot register without a standby leaves one session waiting', async () => {
  await standbyIsAway();
  await postgres.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'gatehouse lease'",
  );
  await server.is('deaf', ({ cache }) => cache.mode === 'deaf');
  const pids = new Set<number>();
  const waiting = new Set<number>();
  // Each attempt to register has a connection of its own.
  await until('several attempts are made', async () => {
    for (const { pid, name, is_waiting } of await sessions()) {
      if (name !== 'gatehouse lease') continue;
      pids.add(pid);
      if (is_waiting) waiting.add(pid);
    }
    return pids.size >= 6;
  });
  expect(waiting.size).toBe(1);
  await standbyIsBack();
  await server.is('trusted', ({ cache }) => cache.mode === 'trusted');
});

test.for([
  ['one statement', () => client.ask(server.url, newContact())],
  ['a transaction', () => installation.partner.ask(server.url, newOrg())],
] as const)('a write is no success when its wait for the standby is canceled: %s', async ([, write]) => {
  await standbyIsAway();
  const writing = write();
  let isAnswered = false;
  const answered = writing.finally(() => (isAnswered = true));
  await until('the write is answered', async () => {
    await postgres.query(
      "select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'SyncRep' and application_name = 'gatehouse'",
    );
    return isAnswered;
  });
  const { status, headers } = await answered;
  expect([status, headers['retry-after']]).toEqual([503, '1']);
  await standbyIsBack();
  expect((await write()).status).toBe(201);
});
