import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Answer, type Ask, HttpClient } from '../support/http-client.js';
import { Installation } from '../support/installation.js';
import { scaled } from '../support/load.js';
import type { ServerProcess } from '../support/server-process.js';

const AT_ONCE = scaled(300);

let installation: Installation;
let servers: ServerProcess[];
let orgId: string;
beforeAll(async () => {
  installation = await Installation.create();
  servers = await installation.startServers(3);
  orgId = await installation.newOrg(servers[0]!);
});
afterEach(() => expect(servers.flatMap((server) => server.complaints)).toEqual([]));
afterAll(async () => {
  await Promise.all(servers.map((server) => server.kill()));
  await installation.close();
});

/** Sends the requests to all processes in one tick. */
function askAtOnce(client: HttpClient, ask: (at: number) => Ask, count = AT_ONCE): Promise<Answer[]> {
  return Promise.all(Array.from({ length: count }, (_, at) => client.ask(servers[at % servers.length]!.url, ask(at))));
}

function countByStatus(answers: readonly Answer[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

async function countRows(sql: string, value: string): Promise<number> {
  const { rows } = await installation.database.query(`SELECT count(*)::int AS count FROM ${sql}`, [value]);
  return rows[0].count;
}

test('one Idempotency-Key sent to all processes concurrently has one effect, and every 201 is the same', async () => {
  const name = randomUUID();
  const headers = { 'Idempotency-Key': name };
  const ask = () => ({ method: 'POST', path: '/partner/v1/orgs', headers, body: { name } });
  const answers = await askAtOnce(installation.partner, ask);
  expect(answers.filter(({ status }) => status !== 201 && status !== 409)).toEqual([]);
  const bodies = answers.filter(({ status }) => status === 201).map(({ body }) => body);
  expect(new Set(bodies).size).toBe(1);
  expect(await countRows('orgs WHERE name = $1', name)).toBe(1);
  // A retry after a 409 gets the same answer.
  const { url } = servers[0]!;
  expect(await installation.partner.ask(url, ask())).toMatchObject({ status: 201, body: bodies[0] });
});

test.for([
  ['orgs', 'orgs WHERE name = $1', (name: string) => ({ path: '/partner/v1/orgs', body: { name } })],
  [
    'keys',
    'api_keys WHERE name = $1',
    (name: string) => ({ path: `/partner/v1/orgs/${orgId}/api-keys`, body: { name } }),
  ],
  [
    'login links',
    'login_links WHERE email = $1',
    (email: string) => ({ path: `/partner/v1/orgs/${orgId}/login-links`, body: { email } }),
  ],
] as const)('many calls with different Idempotency-Keys each have one effect: %s', async ([_what, rows, ask]) => {
  const mark = `${randomUUID()}@example.com`;
  const headers = () => ({ 'Idempotency-Key': randomUUID() });
  const post = () => ({ method: 'POST', headers: headers(), ...ask(mark) });
  expect(countByStatus(await askAtOnce(installation.partner, post, 90))).toEqual({ 201: 90 });
  expect(await countRows(rows, mark)).toBe(90);
});

test('concurrent creates with one external_id create one org', async () => {
  const external_id = randomUUID();
  const ask = () => ({ method: 'POST', path: '/partner/v1/orgs', body: { name: 'Acme Tours', external_id } });
  const counts = countByStatus(await askAtOnce(installation.partner, ask));
  expect(counts).toEqual({ 201: 1, 409: AT_ONCE - 1 });
  expect(await countRows('orgs WHERE external_id = $1', external_id)).toBe(1);
});

test('concurrent creates with one external_id create one key', async () => {
  const external_id = randomUUID();
  const ask = () => ({ method: 'POST', path: `/partner/v1/orgs/${orgId}/api-keys`, body: { external_id } });
  const counts = countByStatus(await askAtOnce(installation.partner, ask, 90));
  expect(counts).toEqual({ 201: 1, 409: 89 });
  expect(await countRows('api_keys WHERE external_id = $1', external_id)).toBe(1);
});

test('of concurrent changes of one revision of a key, one is made, and the others get 412', async () => {
  const { id } = await installation.newKey(servers[0]!, orgId);
  const path = `/partner/v1/orgs/${orgId}/api-keys/${id}`;
  const headers = { 'If-Match': '"1"' };
  const ask = (at: number) => ({ method: 'PATCH', path, headers, body: { metadata: { editor: String(at) } } });
  const answers = await askAtOnce(installation.partner, ask, 90);
  expect(countByStatus(answers)).toEqual({ 200: 1, 412: 89 });
  const editor = String(answers.findIndex(({ status }) => status === 200));
  for (const { url } of servers) {
    const { body } = await installation.partner.ask(url, { path });
    expect(JSON.parse(body)).toMatchObject({ revision: 2, metadata: { editor } });
  }
  expect(await countRows(`audit_entries WHERE action = 'api_key.updated' AND target_id = $1`, id)).toBe(1);
});

test('concurrent visits of one login link open one session', async () => {
  const path = `/partner/v1/orgs/${orgId}/login-links`;
  const email = `${randomUUID()}@acmetours.example`;
  const body = { email };
  const link = await installation.partner.ask(servers[0]!.url, { method: 'POST', path, body });
  const { pathname, search } = new URL((JSON.parse(link.body) as { url: string }).url);
  const visitors = new HttpClient();
  const answers = await askAtOnce(visitors, () => ({ path: pathname + search }));
  visitors.close();
  expect(countByStatus(answers)).toEqual({ 303: 1, 410: AT_ONCE - 1 });
  const sessions = `sessions JOIN members ON members.id = member_id JOIN users ON users.id = account_id WHERE email = $1`;
  expect(await countRows(sessions, email)).toBe(1);
});

test('concurrent revocations of a key by all processes get 204, with one audit entry', async () => {
  const { id } = await installation.newKey(servers[0]!, orgId);
  const ask = () => ({ method: 'DELETE', path: `/partner/v1/orgs/${orgId}/api-keys/${id}` });
  expect(countByStatus(await askAtOnce(installation.partner, ask, 60))).toEqual({ 204: 60 });
  expect(await countRows(`audit_entries WHERE action = 'api_key.revoked' AND target_id = $1`, id)).toBe(1);
});
