import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { HttpClient } from '../../support/http-client.js';
import { Installation, type OrgKey } from '../../support/installation.js';
import { random } from '../../support/load.js';
import { OwnPostgres } from '../../support/own-postgres.js';
import { report } from '../../support/report.js';
import { Revocations } from '../../support/revocations.js';
import type { ServerProcess } from '../../support/server-process.js';
import { SteppedClock } from '../../support/stepped-clock.js';

const STEPS_HOURS = [0, 1, -1, 0, -1, 1];
const MINUTE_MS = 60_000;

/** The clock of the database and two servers. The third server has the correct time. */
let clock: SteppedClock;
let postgres: OwnPostgres;
let installation: Installation;
let servers: ServerProcess[];
let orgId: string;
beforeAll(async () => {
  clock = new SteppedClock();
  postgres = await OwnPostgres.start(clock.environment);
  installation = await Installation.on(postgres);
  servers = [...(await installation.startServers(2, clock.environment)), await installation.startServer()];
  orgId = await installation.newOrg(servers[0]!);
});
beforeEach(() => clock.set(0));
afterEach(() => expect(servers.flatMap((server) => server.complaints)).toEqual([]));
afterAll(async () => {
  await Promise.all(servers.map((server) => server.kill()));
  await installation.close();
  await postgres.remove();
  clock.remove();
});

async function statuses({ key }: Pick<OrgKey, 'key'>, path = '/whoami'): Promise<number[]> {
  const client = new HttpClient(key);
  const answers = await Promise.all(servers.map(({ url }) => client.ask(url, { path })));
  client.close();
  return answers.map(({ status }) => status);
}

test('a key expires by the wall clock, cached or not, after changes of the clock', async () => {
  const keys = await Promise.all(
    [-30, 30, 90].map(async (minutes) => {
      const expiresAt = Date.now() + minutes * MINUTE_MS;
      const key = await installation.newKey(servers[0]!, orgId);
      const sql = 'UPDATE api_keys SET expires_at = $2 WHERE id = $1';
      await installation.database.query(sql, [key.id, new Date(expiresAt)]);
      return { ...key, expiresAt };
    }),
  );
  for (const hours of STEPS_HOURS) {
    clock.set(hours);
    for (const key of keys) {
      const [stepped, right] = [clock.now() < key.expiresAt ? 200 : 401, Date.now() < key.expiresAt ? 200 : 401];
      expect(await statuses(key)).toEqual([stepped, stepped, right]);
    }
  }
});

test('every request after a revocation is refused while the clock jumps', async () => {
  const race = new Revocations(installation, servers);
  race.startLoad();
  let isOver = false;
  const jumping = (async () => {
    while (!isOver) {
      clock.set(random(STEPS_HOURS));
      await sleep(Math.random() * 400);
    }
  })();
  await race.revokeKeys(await installation.storeKeys(orgId, 200), 4);
  isOver = true;
  await jumping;
  await race.settle();
  report('clock jumping', { revoked: race.figures.keys, checked: race.figures.startedAfterAnswer });
  expect(race.figures.letIn).toEqual([]);
  expect(race.figures.unexpected).toEqual([]);
});

test('a rate limit window lasts a minute while the clock jumps', async () => {
  const { key } = await installation.newKey(servers[0]!, orgId, { rate_limit: { per_minute: 5 } });
  const client = new HttpClient(key);
  for (let hit = 0; hit < 5; hit++) await client.ask(servers[0]!.url, { path: '/whoami' });
  for (const hours of STEPS_HOURS) {
    clock.set(hours);
    const { status, headers } = await client.ask(servers[0]!.url, { path: '/whoami' });
    expect(status).toBe(429);
    expect(Number(headers['retry-after'])).toBeLessThanOrEqual(60);
  }
  client.close();
});

test('rows created while the clock jumps are all listed, and an Idempotency-Key has one effect', async () => {
  const [key] = await installation.storeKeys(orgId, 1);
  const client = new HttpClient(key!.key);
  const written: string[] = [];
  for (let contact = 0; contact < 60; contact++) {
    clock.set(random(STEPS_HOURS));
    const body = { contact: { email: `${randomUUID()}@example.com` } };
    const answer = await client.ask(random(servers).url, { method: 'POST', path: '/contacts', body });
    expect(answer.status).toBe(201);
    written.push((JSON.parse(answer.body) as { id: string }).id);
  }
  const listed: string[] = [];
  for (let next: string | null = ''; next !== null;) {
    const path = `/contacts?limit=7${next && `&cursor=${encodeURIComponent(next)}`}`;
    const page = JSON.parse((await client.ask(servers[0]!.url, { path })).body);
    listed.push(...page.items.map(({ id }: { id: string }) => id));
    next = page.next;
  }
  expect(listed.toSorted()).toEqual(written.toSorted());

  const headers = { 'Idempotency-Key': randomUUID() };
  const orgs = new Set<string>();
  for (const hours of STEPS_HOURS) {
    clock.set(hours);
    const ask = { method: 'POST', path: '/partner/v1/orgs', headers, body: { name: 'Once' } };
    orgs.add((await installation.partner.ask(random(servers).url, ask)).body);
  }
  expect(orgs.size).toBe(1);
  client.close();
});

test('the audit chains verify after the clock jumps', async () => {
  expect((await installation.brokenAuditChains()).broken).toEqual([]);
});
