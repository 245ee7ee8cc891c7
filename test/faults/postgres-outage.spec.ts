import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Ask, HttpClient } from '../support/http-client.js';
import { Installation, type OrgKey } from '../support/installation.js';
import { Load, promisedWithin, random } from '../support/load.js';
import { OwnPostgres } from '../support/own-postgres.js';
import { report } from '../support/report.js';
import type { ServerProcess } from '../support/server-process.js';
import { until } from '../support/until.js';

/** The time limit of a 503 response. */
const REFUSED_WITHIN_MS = promisedWithin(5_000);
/** A request that succeeds may have waited for the processes and the database to recover. */
const SERVED_WITHIN_MS = promisedWithin(10_000);
const AWAY_MESSAGE = 'The database is not available. Try again shortly.';
const FULL_SERVICE_AFTER_MS = promisedWithin(2_000);
/** Process managers kill after 10 s. */
const EXIT_WITHIN_MS = promisedWithin(10_000);
/** More than the pool sizes of the servers, so that some requests wait for a connection. */
const WORKERS = 60;
const PAUSE_MS_MAX = 300;

let postgres: OwnPostgres;
let installation: Installation;
let servers: ServerProcess[];
let orgId: string;
let live: OrgKey;
let revoked: OrgKey[];
let contactId: string;
beforeAll(async () => {
  postgres = await OwnPostgres.start();
  installation = await Installation.on(postgres);
  servers = await installation.startServers(2);
  orgId = await installation.newOrg(servers[0]!);
  [live, ...revoked] = (await installation.storeKeys(orgId, 11)) as [OrgKey, ...OrgKey[]];
  const { url } = servers[0]!;
  const client = new HttpClient(live.key);
  const body = { contact: { email: 'sam@example.com' } };
  contactId = JSON.parse((await client.ask(url, { method: 'POST', path: '/contacts', body })).body).id;
  client.close();
  for (const { id } of revoked) {
    await installation.partner.ask(url, { method: 'DELETE', path: `/partner/v1/orgs/${orgId}/api-keys/${id}` });
  }
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.kill()));
  await installation.close();
  await postgres.remove();
});

interface Kind {
  readonly name: string;
  readonly client: HttpClient;
  ask(): Ask;
  /** The expected status when the database is available. */
  readonly status: number;
}

interface Seen {
  readonly kind: string;
  readonly startedAt: number;
  readonly ms: number;
  /** The status, or the connection error. */
  readonly outcome: number | string;
  readonly problem: string | undefined;
}

/** Continuous requests of every kind. */
class Traffic {
  readonly seen: Seen[] = [];
  private readonly load: Load;
  private readonly kinds: Kind[];

  constructor() {
    const own = new HttpClient(live.key);
    const contact = () => ({ email: `${randomUUID()}@example.com` });
    this.kinds = [
      { name: 'warm key', client: own, ask: () => ({ path: '/whoami' }), status: 200 },
      { name: 'read', client: own, ask: () => ({ path: `/contacts/${contactId}` }), status: 200 },
      { name: 'list', client: own, ask: () => ({ path: '/contacts?limit=20' }), status: 200 },
      {
        name: 'create',
        client: own,
        ask: () => ({ method: 'POST', path: '/contacts', body: { contact: contact() } }),
        status: 201,
      },
      {
        name: 'administer',
        client: installation.partner,
        ask: () => ({ method: 'POST', path: '/partner/v1/orgs', body: { name: 'During an outage' } }),
        status: 201,
      },
      ...revoked.slice(0, 3).map(({ key }) => ({
        name: 'revoked key',
        client: new HttpClient(key),
        ask: () => ({ path: '/whoami' }),
        status: 401,
      })),
    ];
    this.load = new Load(WORKERS, async () => {
      await this.askOnce(random(this.kinds));
      await sleep(Math.random() * PAUSE_MS_MAX);
    });
  }

  isServedSince(time: number): boolean {
    const served = this.seen.filter(({ startedAt, outcome }) => startedAt > time && outcome !== 503);
    return this.kinds.every(({ name }) => served.some(({ kind }) => kind === name));
  }

  async stop(): Promise<void> {
    await this.load.stop();
    for (const { client } of this.kinds) if (client !== installation.partner) client.close();
  }

  private async askOnce({ name, client, ask, status }: Kind): Promise<void> {
    const startedAt = performance.now();
    const asked = client.ask(random(servers).url, ask()).then(
      (answer) => {
        const outcome = answer.status;
        if (outcome === status) return { outcome, problem: undefined };
        if (outcome !== 503) return { outcome, problem: `answered ${outcome}: ${answer.body}` };
        const { message } = JSON.parse(answer.body) as { message?: string };
        const isWhole = answer.headers['retry-after'] === '1' && message === AWAY_MESSAGE;
        return { outcome, problem: isWhole ? undefined : `a 503 that says ${answer.body}` };
      },
      (error: Error) => ({ outcome: error.message, problem: error.message }),
    );
    const { outcome, problem } = await asked;
    this.seen.push({ kind: name, startedAt, ms: performance.now() - startedAt, outcome, problem });
  }
}

/** @param outage resolves when the database accepts connections again */
async function during(title: string, outage: () => Promise<void>): Promise<void> {
  const traffic = new Traffic();
  await sleep(500);
  const awayAt = performance.now();
  await outage();
  const backAt = performance.now();
  await until('every kind of request is served again', () => traffic.isServedSince(backAt));
  await sleep(3_500);
  await traffic.stop();

  const { seen } = traffic;
  const refused = seen.filter(({ outcome }) => outcome === 503);
  report(title, {
    requests: seen.length,
    '503s': refused.length,
    'slowest 503 ms': Math.max(...refused.map(({ ms }) => ms)),
    'slowest ms': Math.max(...seen.map(({ ms }) => ms)),
    'last 503 began ms after it was back': Math.max(...refused.map(({ startedAt }) => startedAt)) - backAt,
    'warm keys served meanwhile': seen.filter(
      ({ kind, outcome, startedAt }) =>
        kind === 'warm key' && outcome === 200 && startedAt > awayAt && startedAt < backAt,
    ).length,
  });
  expect(servers.flatMap((server) => server.complaints)).toEqual([]);
  expect(servers.map((server) => server.isRunning)).toEqual([true, true]);
  expect(refused.length).toBeGreaterThan(0);
  expect(seen.filter(({ problem }) => problem !== undefined)).toEqual([]);
  expect(refused.filter(({ ms }) => ms > REFUSED_WITHIN_MS)).toEqual([]);
  expect(seen.filter(({ ms }) => ms > SERVED_WITHIN_MS)).toEqual([]);
  expect(refused.filter(({ startedAt }) => startedAt > backAt + FULL_SERVICE_AFTER_MS)).toEqual([]);
}

test.for(['fast', 'immediate'] as const)('Postgres is stopped (%s) under load and started again', (mode) =>
  during(`stopped, ${mode}`, async () => {
    await postgres.stop(mode);
    await sleep(2_000);
    await postgres.startAgain();
  }),
);

test('Postgres hangs for 10 s under load with open connections', () =>
  during('paused', async () => {
    await postgres.pause();
    await sleep(10_000);
    await postgres.resume();
  }));

test('a server that is stopped while Postgres hangs ends in time, and logs the loss', async () => {
  const [server] = servers;
  const client = new HttpClient(live.key);
  await client.ask(server!.url, { path: '/whoami' });
  await postgres.pause();
  const askedAt = performance.now();
  expect(await server!.stop()).toEqual({ code: 1, signal: null });
  expect(performance.now() - askedAt).toBeLessThan(EXIT_WITHIN_MS);
  expect(server!.complaints).toEqual([expect.stringContaining('did not come to an end')]);
  client.close();
  await postgres.resume();
});
