import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HttpClient } from '../support/http-client.js';
import { Installation, type OrgKey } from '../support/installation.js';
import { Load, promisedWithin, random, scaled } from '../support/load.js';
import { OwnPgBouncer, PGBOUNCER_1_24 } from '../support/own-pgbouncer.js';
import { OwnPostgres } from '../support/own-postgres.js';
import { report } from '../support/report.js';
import { Revocations } from '../support/revocations.js';
import type { ServerProcess } from '../support/server-process.js';
import { expectNoneAccepted } from '../support/trio.js';
import { until } from '../support/until.js';

/** Fewer than the connections of one process, so that each statement can meet another session. */
const SESSIONS = 6;
const WORKERS = 24;
const REFUSED_WITHIN_MS = promisedWithin(5_000);
const FULL_SERVICE_AFTER_MS = promisedWithin(2_000);

let postgres: OwnPostgres;
let bouncer: OwnPgBouncer;
let installation: Installation;
let servers: ServerProcess[];
let keys: OrgKey[];
let clients: HttpClient[];
beforeAll(async () => {
  postgres = await OwnPostgres.start();
  installation = await Installation.on(postgres);
  bouncer = await OwnPgBouncer.start(PGBOUNCER_1_24, postgres.serverUrl, {
    default_pool_size: SESSIONS,
    max_prepared_statements: 200,
  });
  servers = await installation.startServers(2, {
    DATABASE_URL: bouncer.url,
    DATABASE_DIRECT_URL: postgres.serverUrl,
  });
  const orgIds = [await installation.newOrg(servers[0]!), await installation.newOrg(servers[0]!)];
  keys = (await Promise.all(orgIds.map((orgId) => installation.storeKeys(orgId, 1)))).flat();
  clients = keys.map(({ key }) => new HttpClient(key));
});
afterAll(async () => {
  for (const client of clients) client.close();
  await installation.close();
  await bouncer.remove();
  await postgres.remove();
});

async function create(client: HttpClient, email: string): Promise<number> {
  const { url } = random(servers);
  return (await client.ask(url, { method: 'POST', path: '/contacts', body: { contact: { email } } })).status;
}

test('requests of two orgs on shared sessions see their own rows only, and lose none', async () => {
  const created = clients.map((): string[] => []);
  const problems: string[] = [];
  const load = new Load(WORKERS, async () => {
    const at = Math.random() < 0.5 ? 0 : 1;
    const email = `${randomUUID()}@org-${at}.example`;
    const status = await create(clients[at]!, email);
    if (status === 201) created[at]!.push(email);
    else problems.push(`${status} to a contact`);
    const team = await clients[at]!.ask(random(servers).url, {
      method: 'POST',
      path: '/teams',
      body: { name: randomUUID() },
    });
    if (team.status !== 201) problems.push(`a team: ${team.body}`);
    const list = await clients[at]!.ask(random(servers).url, { path: '/contacts?limit=100' });
    const { items = [] } = JSON.parse(list.body) as { items?: { email: string }[] };
    const foreign = items.filter((item) => !item.email.endsWith(`@org-${at}.example`));
    if (list.status !== 200 || foreign.length > 0)
      problems.push(`a list: ${list.status}, ${foreign.length} foreign rows`);
  });
  await until('enough rows', () => created.flat().length >= scaled(200) || problems.length > 0);
  await load.stop();
  expect(problems).toEqual([]);
  const { rows } = await installation.database.query<{ emails: string[] }>(
    `select array_agg(email order by email) as emails from contacts where org_id = any ($1) group by org_id
     order by array_position($1, org_id)`,
    [keys.map(({ orgId }) => orgId)],
  );
  expect(rows.map(({ emails }) => emails)).toEqual(created.map((emails) => emails.toSorted()));
  const sessions = await postgres.query<{ count: number }>(
    "select count(*)::int from pg_stat_activity where backend_type = 'client backend' and application_name = 'gatehouse'",
  );
  report('two processes behind PgBouncer', {
    'contacts and teams': created.flat().length * 2,
    'sessions of the pools': sessions[0]!.count,
  });
  expect(sessions[0]!.count).toBeLessThanOrEqual(SESSIONS);
  expect(servers.flatMap((server) => server.complaints)).toEqual([]);
});

test('once a revoke call has returned, both processes refuse the key', async () => {
  const race = new Revocations(installation, servers);
  race.startLoad();
  await race.revokeKeys(await installation.storeKeys(keys[0]!.orgId, scaled(40)), 4);
  await race.settle();
  expectNoneAccepted('behind PgBouncer', race);
});

test('jobs run', async () => {
  const [before] = await postgres.query<{ now: Date }>('select now()');
  await until('a job is done', async () => {
    const done = await postgres.query(
      "select from pgboss.job where state = 'completed' and completed_on > $1 limit 1",
      [before!.now],
    );
    return done.length > 0;
  });
});

test('PgBouncer is restarted under load: 503 in time, and full service afterwards', async () => {
  const seen: { status: number; startedAt: number; ms: number; retryAfter: unknown; email?: string }[] = [];
  const load = new Load(WORKERS, async () => {
    const startedAt = performance.now();
    const email = `${randomUUID()}@restart.example`;
    const isWrite = Math.random() < 0.5;
    const asked = isWrite
      ? clients[0]!.ask(random(servers).url, { method: 'POST', path: '/contacts', body: { contact: { email } } })
      : clients[0]!.ask(random(servers).url, { path: '/contacts?limit=20' });
    const { status, headers } = await asked;
    const ms = performance.now() - startedAt;
    seen.push({ status, startedAt, ms, retryAfter: headers['retry-after'], ...(isWrite && { email }) });
    await sleep(Math.random() * 20);
  });
  await until('requests are served', () => seen.length > WORKERS * 4);
  await bouncer.stop();
  await until('requests are refused', () => seen.filter(({ status }) => status === 503).length > WORKERS);
  await bouncer.startAgain();
  const backAt = performance.now();
  await until(
    'requests are served again',
    () => seen.filter(({ status, startedAt }) => status < 300 && startedAt > backAt).length > WORKERS * 10,
  );
  await sleep(2_500);
  await load.stop();

  const refused = seen.filter(({ status }) => status === 503);
  const written = seen.filter(({ status, email }) => status === 201 && email !== undefined).map(({ email }) => email!);
  const { rows } = await installation.database.query('select email from contacts where email = any ($1)', [written]);
  report('PgBouncer restarted', {
    requests: seen.length,
    '503s': refused.length,
    'slowest 503 ms': Math.max(...refused.map(({ ms }) => ms)),
    'last 503 began ms after it was back': Math.max(...refused.map(({ startedAt }) => startedAt)) - backAt,
    'answered writes lost': written.length - rows.length,
  });
  expect(new Set(seen.map(({ status }) => status))).toEqual(new Set([200, 201, 503]));
  expect(refused.filter(({ retryAfter, ms }) => retryAfter !== '1' || ms > REFUSED_WITHIN_MS)).toEqual([]);
  expect(refused.filter(({ startedAt }) => startedAt > backAt + FULL_SERVICE_AFTER_MS)).toEqual([]);
  expect(rows.length).toBe(written.length);
  expect(servers.flatMap((server) => server.complaints)).toEqual([]);
});
