import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HttpClient } from '../support/http-client.js';
import { Installation, type OrgKey } from '../support/installation.js';
import { Load, promisedWithin, random } from '../support/load.js';
import { report } from '../support/report.js';
import type { ServerProcess } from '../support/server-process.js';
import { until } from '../support/until.js';

const EXIT_WITHIN_MS = promisedWithin(10_000);
/** A server that stops may close a connection that has been idle for this long. */
const LAST_REQUEST_MS = 2_000;
const CLIENTS = 24;
/** One path served from the cache, and one from the database. */
const PATHS = ['/whoami', '/contacts?limit=20'];
const REQUESTS_BETWEEN = 100;
/** Leaves CPU time for other work while requests are always in flight. */
const PAUSE_MS_MAX = 50;

let installation: Installation;
let servers: ServerProcess[];
beforeAll(async () => {
  installation = await Installation.create();
  servers = await installation.startServers(3);
});
afterAll(() => installation.close());

/**
 * Clients with a keep-alive connection to each server. As a load balancer does, they retry on another server when a
 * connection is refused, or when one that was idle is closed (RFC 9112 section 9.3.1).
 */
class BalancedLoad {
  readonly failures: string[] = [];
  answered = 0;
  turnedAway = 0;
  private readonly clients: HttpClient[];
  private readonly idleSince = new Map<string, number>();
  private loads: Load[] = [];

  constructor(
    private readonly servers: readonly ServerProcess[],
    key: OrgKey,
  ) {
    this.clients = Array.from({ length: CLIENTS }, () => new HttpClient(key.key));
  }

  /** Opens all connections first: a connection still in the accept queue is lost when its server closes. */
  async start(): Promise<void> {
    for (const at of this.clients.keys()) await Promise.all(this.servers.map((server) => this.ask(at, server)));
    this.loads = this.clients.map(
      (_, at) =>
        new Load(1, async () => {
          while (!(await this.ask(at, random(this.servers)))) this.turnedAway++;
          await sleep(Math.random() * PAUSE_MS_MAX);
        }),
    );
  }

  async waitForAnswers(): Promise<void> {
    const answered = this.answered;
    await until('more requests are answered', () => this.answered >= answered + REQUESTS_BETWEEN);
  }

  async stop(): Promise<void> {
    await Promise.all(this.loads.map((load) => load.stop()));
    for (const client of this.clients) client.close();
  }

  /** Returns false if the request can be retried on another server. */
  private async ask(at: number, { url }: ServerProcess): Promise<boolean> {
    const connection = `${at} ${url}`;
    const idleMs = performance.now() - (this.idleSince.get(connection) ?? performance.now());
    try {
      const { status } = await this.clients[at]!.ask(url, { path: random(PATHS) });
      this.idleSince.set(connection, performance.now());
      if (status === 200) this.answered++;
      else this.failures.push(`answered ${status}`);
      return true;
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === 'ECONNREFUSED' || (code === 'ECONNRESET' && idleMs > LAST_REQUEST_MS)) return false;
      this.failures.push(`${message} after ${Math.round(idleMs)} ms without a request`);
      return true;
    }
  }
}

async function usageOf({ id }: OrgKey): Promise<number> {
  const sql = 'SELECT coalesce(sum(requests), 0)::int AS sum FROM key_usage WHERE key_id = $1';
  return (await installation.database.query(sql, [id])).rows[0].sum;
}

test('SIGTERM under load fails no request, loses no usage count, and ends with exit code 0 in time', async () => {
  const [key] = await installation.storeKeys(await installation.newOrg(servers[0]!), 1);
  const load = new BalancedLoad(servers, key!);
  await load.start();
  const tookMs: number[] = [];
  for (const stopped of servers.slice(0, 2)) {
    await load.waitForAnswers();
    const askedAt = performance.now();
    expect(await stopped.stop()).toEqual({ code: 0, signal: null });
    tookMs.push(performance.now() - askedAt);
  }
  await load.waitForAnswers();
  await load.stop();
  report('SIGTERM', {
    answered: load.answered,
    'turned away': load.turnedAway,
    failed: load.failures.length,
    'slowest exit ms': Math.max(...tookMs),
  });
  expect(load.failures).toEqual([]);
  await until('the last are counted', async () => (await usageOf(key!)) >= load.answered);
  expect(await usageOf(key!)).toBe(load.answered);
  expect(Math.max(...tookMs)).toBeLessThan(EXIT_WITHIN_MS);
  expect(servers.flatMap((server) => server.complaints)).toEqual([]);
});

test('a client that never finishes its request does not delay shutdown', async () => {
  const server = servers[2]!;
  const { port, hostname } = new URL(server.url);
  const half = connect(Number(port), hostname);
  half.on('error', () => undefined);
  await once(half, 'connect');
  half.write('POST /contacts HTTP/1.1\r\nHost: gatehouse.test\r\nContent-Length: 100\r\n\r\n{');
  const askedAt = performance.now();
  expect(await server.stop()).toEqual({ code: 0, signal: null });
  expect(performance.now() - askedAt).toBeLessThan(EXIT_WITHIN_MS);
  half.destroy();
});
