import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BalancedLoad } from '../support/balanced-load.js';
import { Installation, type OrgKey } from '../support/installation.js';
import { promisedWithin, random } from '../support/load.js';
import { report } from '../support/report.js';
import type { ServerProcess } from '../support/server-process.js';
import { until } from '../support/until.js';

const EXIT_WITHIN_MS = promisedWithin(10_000);
/** One path served from the cache, and one from the database. */
const PATHS = ['/whoami', '/contacts?limit=20'];

let installation: Installation;
let servers: ServerProcess[];
beforeAll(async () => {
  installation = await Installation.create();
  servers = await installation.startServers(3);
});
afterAll(() => installation.close());

async function usageOf({ id }: OrgKey): Promise<number> {
  const sql = 'SELECT coalesce(sum(requests), 0)::int AS sum FROM key_usage WHERE key_id = $1';
  return (await installation.database.query(sql, [id])).rows[0].sum;
}

test('SIGTERM under load fails no request, loses no usage count, and ends with exit code 0 in time', async () => {
  const [key] = await installation.storeKeys(await installation.newOrg(servers[0]!), 1);
  const load = new BalancedLoad(servers, key!.key, () => ({ path: random(PATHS), expected: 200 }));
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
