import { afterAll, beforeAll, expect, test } from 'vitest';
import { FreezableProxy } from '../support/freezable-proxy.js';
import { HttpClient } from '../support/http-client.js';
import { Installation, type OrgKey } from '../support/installation.js';
import { eachOf, Load, random, scaled } from '../support/load.js';
import { report } from '../support/report.js';
import type { ServerProcess } from '../support/server-process.js';
import { until } from '../support/until.js';

let installation: Installation;
beforeAll(async () => {
  installation = await Installation.create();
});
afterAll(() => installation.close());

/** Requests by route and status, such as `/tags 403`. */
type Counts = Readonly<Record<string, number>>;

const ROUTES = ['/whoami', '/contacts', '/tags'];

async function loggedBy(sql: string, ids: readonly string[]): Promise<Counts> {
  const { rows } = await installation.database.query<{ name: string; requests: number }>(
    `SELECT ${sql} AS name, sum(weight)::int AS requests FROM request_log WHERE api_key_id = ANY ($1) GROUP BY 1`,
    [ids],
  );
  return Object.fromEntries(rows.map(({ name, requests }) => [name, requests]));
}

/** What the metrics of the processes count together. */
async function metered(servers: readonly ServerProcess[]): Promise<Counts> {
  const counts: Record<string, number> = {};
  for (const { url } of servers) {
    const page = await (await fetch(`${url}/metrics`)).text();
    for (const line of page.matchAll(/^gatehouse_http_requests_total\{(.*)\} (\d+)$/gm)) {
      const { route, status } = Object.fromEntries(
        [...line[1]!.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name!, value!]),
      );
      if (!ROUTES.includes(route!)) continue;
      const name = `${route} ${status}`;
      counts[name] = (counts[name] ?? 0) + Number(line[2]);
    }
  }
  return counts;
}

async function storedUsage(ids: readonly string[]) {
  const sql = `SELECT sum(requests)::int AS requests, sum(refused)::int AS refused FROM key_usage WHERE key_id = ANY ($1)`;
  return (await installation.database.query(sql, [ids])).rows[0] as { requests: number; refused: number };
}

const sum = (counts: Counts) => Object.values(counts).reduce((total, each) => total + each, 0);

test('the log, usage and metrics of three processes agree after load and a SIGTERM', async () => {
  // So few entries that most of the requests are counted in weights.
  const settings = { REQUEST_LOG: 'all', REQUEST_LOG_ROWS_PER_SECOND: '20' };
  const servers = await Promise.all([1, 2, 3].map(() => installation.startServer(settings)));
  const orgId = await installation.newOrg(servers[0]!);
  const keys: OrgKey[] = await Promise.all([
    installation.newKey(servers[0]!, orgId, { scopes: ['contacts:read'] }),
    installation.newKey(servers[0]!, orgId, { scopes: ['tags:read'], rate_limit: { per_minute: 40 } }),
  ]);
  const clients = keys.map(({ key }) => new HttpClient(key));
  const answered: Record<string, number> = {};
  await eachOf(
    Array.from({ length: scaled(1_500) }, () => random(ROUTES)),
    20,
    async (path) => {
      const { status } = await random(clients).ask(random(servers).url, { path });
      answered[`${path} ${status}`] = (answered[`${path} ${status}`] ?? 0) + 1;
    },
  );
  for (const client of clients) client.close();

  const counted = await metered(servers);
  await Promise.all(servers.map((server) => server.stop()));
  const ids = keys.map(({ id }) => id);
  expect(counted).toEqual(answered);
  expect(await loggedBy(`route || ' ' || status`, ids)).toEqual(answered);
  const { allowed, denied, ...other } = await loggedBy('outcome', ids);
  expect(other).toEqual({});
  expect(await storedUsage(ids)).toEqual({ requests: sum(answered), refused: denied });
  expect(allowed! + denied!).toBe(sum(answered));
  const { rows } = await installation.database.query(`
    SELECT count(*)::int AS entries, max(of_second)::int AS most FROM (
      SELECT count(*) AS of_second FROM request_log GROUP BY date_trunc('second', at)) seconds`);
  report('request log of three processes', { requests: sum(answered), 'entries in a second, at most': rows[0].most });
  expect(servers.flatMap((server) => server.complaints)).toEqual([]);
});

test('kill -9 loses the last requests only, from the log and from usage', async () => {
  const server = await installation.startServer({ REQUEST_LOG: 'all', REQUEST_LOG_ROWS_PER_SECOND: '10000' });
  const { id, key } = await installation.newKey(server, await installation.newOrg(server));
  const client = new HttpClient(key);
  const sent: { readonly name: string; readonly answeredMs: number }[] = [];
  const load = new Load(1, async () => {
    const name = `request-${sent.length}`;
    const { status } = await client
      .ask(server.url, { path: '/whoami', headers: { 'X-Request-Id': name } })
      .catch(() => ({ status: 0 }));
    if (status === 200) sent.push({ name, answeredMs: performance.now() });
  });
  const logged = () => loggedBy('request_id', [id]);
  await until('a flush is stored', async () => Object.keys(await logged()).length > 0 && sent.length > 1_000);
  await server.kill();
  const killedMs = performance.now();
  await load.stop();
  client.close();

  const stored = await logged();
  const lost = sent.filter(({ name }) => stored[name] === undefined);
  // Whatever is stored came before whatever is lost.
  expect(lost).toEqual(lost.length === 0 ? [] : sent.slice(-lost.length));
  expect(Object.values(stored).every((weight) => weight === 1)).toBe(true);
  const { requests } = await storedUsage([id]);
  expect(requests).toBeLessThanOrEqual(sent.length + 1);
  report('kill -9', {
    answered: sent.length,
    'lost from the log': lost.length,
    'lost from usage': sent.length - requests,
    'ms before the kill that the first lost request was answered': lost.length > 0 ? killedMs - lost[0]!.answeredMs : 0,
  });
});

test('entries of an outage of the database are stored afterwards, once', async () => {
  const proxy = await FreezableProxy.start(installation.databaseUrl);
  const server = await installation.startServer({
    REQUEST_LOG: 'all',
    DATABASE_URL: proxy.url,
    DATABASE_DIRECT_URL: installation.databaseUrl,
  });
  const [{ id, key } = { id: '', key: '' }] = await installation.storeKeys(await installation.newOrg(server), 1);
  const client = new HttpClient(key);
  const ask = () =>
    eachOf(Array<string>(10).fill('/whoami'), 5, async (path) => void (await client.ask(server.url, { path })));
  const logged = async () => sum(await loggedBy('outcome', [id]));
  await ask();
  proxy.refuse(true);
  await ask();
  await until('a flush has failed', () => server.log.includes('the request log could not be stored yet'));
  await ask();
  proxy.refuse(false);
  await until('everything is stored', async () => (await logged()) >= 30);

  // Now the reply to a COMMIT is lost.
  proxy.freeze('toClient');
  await ask();
  await until('the next are committed', async () => (await logged()) === 40);
  proxy.cut();
  proxy.thaw();
  await ask();
  client.close();
  await server.stop();
  expect(await logged()).toBe(50);
  await proxy.stop();
});
