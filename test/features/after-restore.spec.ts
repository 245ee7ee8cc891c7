import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApp } from '../../src/configure-app.js';
import { loadConfig } from '../../src/core/config/config.js';
import { OPERATOR } from '../../src/kit/audit/actor.js';
import { BY_HAND, REPEATED } from '../../src/programs/cli/after-restore/access-actions.js';
import { ApiKeys } from '../../src/tenancy/api-keys/api-keys.service.js';
import { Partners } from '../../src/tenancy/partners/partners.service.js';
import { HttpsReceiver } from '../support/audit-receivers.js';
import { type Backup, backUp } from '../support/backup.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FAST_LANE } from '../support/fast-lane.js';
import { gatehouse } from '../support/gatehouse.js';
import { HttpClient } from '../support/http-client.js';
import { ownCertificate } from '../support/own-certificate.js';
import { PATIENT } from '../support/patience.js';
import { report } from '../support/report.js';
import { WIDE_LIMITS } from '../support/start-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

const ENCRYPTION_KEY = randomBytes(32).toString('base64');
const folder = temporaryFolder();
const databases: TestDatabase[] = [];
let receiver: HttpsReceiver;
let settings: Record<string, string>;

/** A server that a test can stop, on a database that outlives it. */
class Server {
  private constructor(
    private readonly app: NestFastifyApplication,
    readonly url: string,
  ) {}

  static async on(database: TestDatabase, also: Record<string, string> = {}): Promise<Server> {
    const base = { LOG_LEVEL: 'silent', ENCRYPTION_KEY, ...WIDE_LIMITS, ...FAST_LANE, ...PATIENT };
    const app = await createApp(loadConfig({ ...base, ...also, DATABASE_URL: database.serverUrl }));
    await app.listen(0, '127.0.0.1');
    return new Server(app, `http://127.0.0.1:${(app.getHttpServer().address() as { port: number }).port}`);
  }

  get<T>(type: new (...args: never[]) => T): T {
    return this.app.get(type as never);
  }

  stop(): Promise<void> {
    return this.app.close();
  }
}

interface Known {
  readonly id: string;
  readonly key: string;
}

let backup: Backup;
let exported: string;
let live: TestDatabase;
/** By what happened to it after the backup. */
const keys: Record<string, Known> = {};
/** Cookies, likewise. */
const sessions: Record<string, string> = {};
let partner: HttpClient;

async function ask(server: Server, method: string, path: string, body?: object, client = partner) {
  const answer = await client.ask(server.url, { method, path, ...(body && { body }) });
  if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.status} ${answer.body}`);
  return answer.body === '' ? {} : (JSON.parse(answer.body) as Record<string, string>);
}

async function newOrg(server: Server): Promise<string> {
  return (await ask(server, 'POST', '/partner/v1/orgs', { name: 'Acme Tours' }))['id']!;
}

async function newKey(server: Server, orgId: string, body: object = {}): Promise<Known> {
  const made = await ask(server, 'POST', `/partner/v1/orgs/${orgId}/api-keys`, body);
  return { id: made['api_key_id']!, key: made['api_key']! };
}

async function newSession(server: Server, orgId: string, email: string): Promise<string> {
  const body = { email };
  const { url } = await ask(server, 'POST', `/partner/v1/orgs/${orgId}/login-links`, body);
  const visitor = new HttpClient();
  const { pathname, search } = new URL(url!);
  const visit = await visitor.ask(server.url, { path: pathname + search });
  visitor.close();
  return /gatehouse_session=([0-9a-f]{64})/.exec(String(visit.headers['set-cookie']))![1]!;
}

const asMember = (session: string) => ({
  ask: (url: string, request: Parameters<HttpClient['ask']>[1]) => {
    const client = new HttpClient();
    const headers = { Cookie: `gatehouse_session=${session}`, 'X-Requested-With': 'gatehouse' };
    return client.ask(url, { ...request, headers }).finally(() => client.close());
  },
});

async function statusOf(server: Server, { key }: Known): Promise<number> {
  const client = new HttpClient(key);
  // Keys of partners don't have the one route, keys of orgs not the other.
  const answers = await Promise.all(['/whoami', '/partner/v1/orgs'].map((path) => client.ask(server.url, { path })));
  const status = Math.min(...answers.map((answer) => answer.status));
  client.close();
  return status;
}

async function sessionStatus(server: Server, session: string): Promise<number> {
  return (await asMember(session).ask(server.url, { path: '/session' })).status;
}

beforeAll(async () => {
  const certificate = await ownCertificate(folder);
  receiver = await HttpsReceiver.start(certificate);
  settings = { AUDIT_EXPORT_URL: receiver.url, AUDIT_EXPORT_CA_FILE: certificate.file };
  live = await createTestDatabase();
  databases.push(live);

  let server = await Server.on(live, settings);
  const { id: partnerId } = await server.get(Partners).create(OPERATOR, { name: 'Acme Travel Software' });
  partner = new HttpClient((await server.get(ApiKeys).createForPartner(OPERATOR, partnerId)).token);
  const other = await server.get(Partners).create(OPERATOR, { name: 'Deactivated' });
  const otherKey = await server.get(ApiKeys).createForPartner(OPERATOR, other.id);
  const orgId = await newOrg(server);
  for (const fate of ['untouched', 'revoked', 'suspended', 'resumed', 'rotated', 'expired', 'narrowed']) {
    keys[fate] = await newKey(server, orgId);
  }
  const [suspendedOrg, archivedOrg] = [await newOrg(server), await newOrg(server)];
  keys['of a suspended org'] = await newKey(server, suspendedOrg);
  keys['of an archived org'] = await newKey(server, archivedOrg);
  sessions['owner'] = await newSession(server, orgId, 'owner@acmetours.example');
  sessions['removed member'] = await newSession(server, orgId, 'removed@acmetours.example');
  sessions['signed out'] = await newSession(server, orgId, 'out@acmetours.example');
  const { items } = (await ask(server, 'GET', `/partner/v1/orgs/${orgId}/members`)) as unknown as {
    items: { user_id: string; email: string }[];
  };
  await server.stop();
  backup = await backUp(live, folder);

  server = await Server.on(live, settings);
  const ofPartner = `/partner/v1/orgs/${orgId}/api-keys`;
  const ofMember = (fate: string) => `/manage/v1/api-keys/${keys[fate]!.id}`;
  const owner = asMember(sessions['owner']) as HttpClient;
  await ask(server, 'DELETE', `${ofPartner}/${keys['revoked']!.id}`);
  await ask(server, 'POST', `${ofPartner}/${keys['suspended']!.id}/suspend`, {});
  await ask(server, 'POST', `${ofPartner}/${keys['resumed']!.id}/suspend`, {});
  await ask(server, 'POST', `${ofPartner}/${keys['resumed']!.id}/resume`, {});
  await ask(server, 'POST', `${ofMember('rotated')}/rotate`, { grace_seconds: 0 }, owner);
  const soon = new Date(Date.now() + 3_000).toISOString();
  await ask(server, 'PATCH', ofMember('expired'), { expires_at: soon }, owner);
  await ask(server, 'PATCH', ofMember('narrowed'), { scopes: ['tags:read'], allowed_ips: ['203.0.113.7'] }, owner);
  await newKey(server, orgId);
  await ask(server, 'POST', `/partner/v1/orgs/${suspendedOrg}/suspend`, {});
  await ask(server, 'DELETE', `/partner/v1/orgs/${archivedOrg}`);
  await server.get(Partners).update(OPERATOR, other.id, { is_active: false });
  keys['of an inactive partner'] = { id: otherKey.key.id, key: otherKey.token };
  const removed = items.find(({ email }) => email === 'removed@acmetours.example')!;
  await ask(server, 'DELETE', `/partner/v1/orgs/${orgId}/members/${removed.user_id}`);
  await ask(server, 'DELETE', '/session', undefined, asMember(sessions['signed out']) as HttpClient);
  const client = new pg.Client(live.url);
  await client.connect();
  await until('all is exported', async () => {
    const { rows } = await client.query<{ id: string }>('SELECT id FROM audit_entries');
    const ids = new Set(receiver.events.map(({ metadata }) => metadata['uid']));
    return rows.every(({ id }) => ids.has(id));
  });
  await client.end();
  await server.stop();
  exported = join(folder, 'exported.jsonl');
  await writeFile(exported, receiver.lines.join('\n'));
  await until('the shortened key has expired', () => Date.now() > Date.parse(soon));
});
afterAll(async () => {
  partner.close();
  await receiver.stop();
  for (const database of databases) await database.drop();
});

async function restored(): Promise<TestDatabase> {
  const database = await backup.restore();
  databases.push(database);
  return database;
}

async function doctor(database: TestDatabase, ...also: string[]) {
  const environment = { LOG_LEVEL: 'silent', DATABASE_URL: database.serverUrl, ENCRYPTION_KEY };
  const args = ['doctor', '--after-restore', '--from-export', exported, '--json', ...also];
  const { code, stdout, stderr } = await gatehouse(environment, ...args);
  if (stdout === '') throw new Error(stderr);
  type Answer = { lost: number; changes: { kind: string; id: string; outcome: string }[]; by_hand: object[] };
  return { code, ...(JSON.parse(stdout) as Answer) };
}

async function statuses(server: Server): Promise<Record<string, number>> {
  const found = Object.keys(keys).map(async (fate) => [fate, await statusOf(server, keys[fate]!)] as const);
  return Object.fromEntries(await Promise.all(found));
}

test('what was revoked after the backup works again in the restored database, until doctor revokes it again', async () => {
  const database = await restored();
  const server = await Server.on(database);
  try {
    const before = await statuses(server);
    expect(Object.values(before).every((status) => status === 200)).toBe(true);
    for (const session of Object.values(sessions)) expect(await sessionStatus(server, session)).toBe(200);

    const planned = await doctor(database);
    expect(planned.code).toBe(1);
    expect(planned.changes.every(({ outcome }) => outcome === 'planned')).toBe(true);
    expect(await statuses(server)).toEqual(before);

    const done = await doctor(database, '--revoke');
    expect(done.changes.filter(({ outcome }) => outcome !== 'done')).toEqual([]);
    expect(done.changes.map(({ kind }) => kind).sort()).toEqual(planned.changes.map(({ kind }) => kind).sort());
    expect(done.code).toBe(0);
    const after = await statuses(server);
    const stillIn = Object.entries(after).flatMap(([fate, status]) => (status === 200 ? [fate] : []));
    expect(stillIn.sort()).toEqual(['resumed', 'untouched']);
    expect(await sessionStatus(server, sessions['owner']!)).toBe(200);
    expect(await sessionStatus(server, sessions['removed member']!)).toBe(401);
    expect(await sessionStatus(server, sessions['signed out']!)).toBe(401);
    report('restore drill', { backup: backup.by, lost: done.lost, changes: done.changes.length });
  } finally {
    await server.stop();
  }
});

test('the audit names the restore as the reason, and a second run changes nothing', async () => {
  const database = await restored();
  const first = await doctor(database, '--revoke');
  expect(first.changes.length).toBeGreaterThan(8);
  const client = new pg.Client(database.url);
  await client.connect();
  const sql = `SELECT count(*)::int AS count FROM audit_entries WHERE actor_name = 'operator, after a restore'`;
  const count = async () => (await client.query<{ count: number }>(sql)).rows[0]!.count;
  const written = await count();
  expect(written).toBeGreaterThanOrEqual(first.changes.length);
  expect(await doctor(database, '--revoke')).toMatchObject({ code: 0, changes: [] });
  expect(await count()).toBe(written);
  await client.end();
});

test('a key that was let in again after the restore stays in', async () => {
  const database = await restored();
  await doctor(database, '--revoke');
  const environment = { LOG_LEVEL: 'silent', DATABASE_URL: database.serverUrl, ENCRYPTION_KEY };
  for (const fate of ['suspended', 'rotated']) {
    expect((await gatehouse(environment, 'key', 'resume', keys[fate]!.id)).code).toBe(0);
  }
  expect(await doctor(database)).toMatchObject({ code: 0, changes: [] });
});

test('audit verify tells what the restored database lacks', async () => {
  const database = await restored();
  const environment = { LOG_LEVEL: 'silent', DATABASE_URL: database.serverUrl, ENCRYPTION_KEY };
  const { code, stdout } = await gatehouse(environment, 'audit', 'verify', '--from-export', exported);
  expect(stdout).toContain('the database lacks the exported entry');
  expect(code).toBe(1);
});

test('no file decides about access if an entry in it was altered', async () => {
  const file = join(folder, 'altered.jsonl');
  await writeFile(
    file,
    receiver.lines.join('\n').replaceAll('"action":"api_key.suspended"', '"action":"api_key.revoked"'),
  );
  const environment = { LOG_LEVEL: 'silent', DATABASE_URL: live.serverUrl, ENCRYPTION_KEY };
  const { code, stderr } = await gatehouse(environment, 'doctor', '--after-restore', '--from-export', file, '--revoke');
  expect([code, stderr]).toEqual([1, expect.stringContaining('the exported entry was altered')]);
});

test('the restored database has nothing to revoke if it has every exported entry', async () => {
  expect(await doctor(live, '--revoke')).toMatchObject({ code: 0, lost: 0, changes: [] });
  expect([...REPEATED].filter((action) => Object.hasOwn(BY_HAND, action))).toEqual([]);
});
