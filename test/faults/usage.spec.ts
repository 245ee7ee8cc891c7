import { afterAll, beforeAll, expect, test } from 'vitest';
import { FreezableProxy } from '../support/freezable-proxy.js';
import { HttpClient } from '../support/http-client.js';
import { Installation, type OrgKey } from '../support/installation.js';
import { eachOf, random, scaled } from '../support/load.js';
import type { ServerProcess } from '../support/server-process.js';
import { until } from '../support/until.js';

let installation: Installation;
beforeAll(async () => {
  installation = await Installation.create();
});
afterAll(() => installation.close());

interface Counts {
  readonly requests: number;
  readonly refused: number;
}

async function storedUsage({ id }: OrgKey): Promise<Counts> {
  const sql = `SELECT coalesce(sum(requests), 0)::int AS requests, coalesce(sum(refused), 0)::int AS refused
    FROM key_usage WHERE key_id = $1`;
  return (await installation.database.query<Counts>(sql, [id])).rows[0]!;
}

/** The refusals by reason, and the uses by scope. */
async function storedDetails({ id }: OrgKey) {
  const sumsOf = async (sql: string) => {
    const { rows } = await installation.database.query<{ name: string; sum: number }>(sql, [id]);
    return Object.fromEntries(rows.map(({ name, sum }) => [name, sum]));
  };
  return {
    refusals: await sumsOf(
      'SELECT reason AS name, sum(requests)::int AS sum FROM key_refusals WHERE key_id = $1 GROUP BY reason',
    ),
    scopes: await sumsOf(
      'SELECT scope AS name, sum(uses)::int AS sum FROM key_scope_uses WHERE key_id = $1 GROUP BY scope',
    ),
  };
}

/** Sends requests to random servers. Returns the number of answers by status. */
async function ask(servers: readonly ServerProcess[], { key }: OrgKey, paths: readonly string[]) {
  const client = new HttpClient(key);
  const counts: Record<number, number> = {};
  await eachOf(paths, 20, async (path) => {
    const { status } = await client.ask(random(servers).url, { path });
    counts[status] = (counts[status] ?? 0) + 1;
  });
  client.close();
  return counts;
}

test('three processes count every request of a key once, with its refusals and the scopes it used', async () => {
  const servers = await installation.startServers(3);
  const orgId = await installation.newOrg(servers[0]!);
  const [scoped, limited] = await Promise.all([
    installation.newKey(servers[0]!, orgId, { scopes: ['contacts:read'] }),
    installation.newKey(servers[0]!, orgId, { rate_limit: { per_minute: 20 } }),
  ]);
  const paths = Array.from({ length: scaled(300) }, () => random(['/whoami', '/contacts', '/tags']));
  const counts = await ask(servers, scoped, paths);
  const overLimit = await ask(servers, limited, paths);

  const expected = { requests: paths.length, refused: counts[403]! };
  await until('everything is stored', async () => (await storedUsage(scoped)).requests >= paths.length);
  expect(await storedUsage(scoped)).toEqual(expected);
  await Promise.all(servers.map((server) => server.stop()));
  expect(await storedUsage(scoped)).toEqual(expected);
  expect(await storedUsage(limited)).toEqual({ requests: paths.length, refused: overLimit[429] });
  const contacts = paths.filter((path) => path === '/contacts').length;
  expect(await storedDetails(scoped)).toEqual({
    refusals: { scope_missing: counts[403] },
    scopes: { 'contacts:read': contacts },
  });
  expect((await storedDetails(limited)).refusals).toEqual({ rate_limited: overLimit[429] });
  expect(servers.flatMap((server) => server.complaints)).toEqual([]);
});

test('usage is not counted twice if the reply to COMMIT is lost', async () => {
  const proxy = await FreezableProxy.start(installation.databaseUrl);
  const settings = { DATABASE_URL: proxy.url, DATABASE_DIRECT_URL: installation.databaseUrl };
  const server = await installation.startServer(settings);
  const [key] = await installation.storeKeys(await installation.newOrg(server), 1);
  const tags = (count: number) => ask([server], key!, Array<string>(count).fill('/tags'));
  await tags(10);
  await until('the first are stored', async () => (await storedUsage(key!)).requests === 10);

  proxy.freeze('toClient');
  await tags(7);
  await until('the next are committed', async () => (await storedUsage(key!)).requests === 17);
  // Counted while the reply is missing, so these belong to the next flush.
  await tags(5);
  proxy.cut();
  proxy.thaw();
  await until('the last are stored', async () => (await storedUsage(key!)).requests >= 22);
  expect(await server.stop()).toEqual({ code: 0, signal: null });
  expect((await storedUsage(key!)).requests).toBe(22);
  expect((await storedDetails(key!)).scopes).toEqual({ 'tags:read': 22 });
  await proxy.stop();
});

test('usage during a database outage is stored afterwards', async () => {
  const proxy = await FreezableProxy.start(installation.databaseUrl);
  const server = await installation.startServer({
    DATABASE_URL: proxy.url,
    DATABASE_DIRECT_URL: installation.databaseUrl,
  });
  const [key] = await installation.storeKeys(await installation.newOrg(server), 1);
  const whoami = (count: number) => ask([server], key!, Array<string>(count).fill('/whoami'));
  await whoami(10);
  proxy.refuse(true);
  await whoami(10);
  await until('a flush has failed', () => server.log.includes('usage could not be stored yet'));
  await whoami(10);
  proxy.refuse(false);
  await until('everything is stored', async () => (await storedUsage(key!)).requests >= 30);
  await server.stop();
  expect((await storedUsage(key!)).requests).toBe(30);
  await proxy.stop();
});
