import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Answer, HttpClient } from '../support/http-client.js';
import { Installation } from '../support/installation.js';
import { scaled } from '../support/load.js';
import type { ServerProcess } from '../support/server-process.js';

const ROUNDS = scaled(30);
const KEYS = '/manage/v1/api-keys';

interface NewKey {
  readonly id: string;
  readonly api_key: string;
}

let installation: Installation;
let servers: [ServerProcess, ServerProcess];
let orgId: string;
let cookie: string;
const client = new HttpClient();
beforeAll(async () => {
  installation = await Installation.create();
  servers = (await installation.startServers(2)) as typeof servers;
  orgId = await installation.newOrg(servers[0]);
  cookie = await signIn();
});
afterEach(() => expect(servers.flatMap(({ complaints }) => complaints)).toEqual([]));
afterAll(async () => {
  client.close();
  await installation.close();
});

/** Signs in the Owner of the org. */
async function signIn(): Promise<string> {
  const { url } = servers[0];
  const path = `/partner/v1/orgs/${orgId}/login-links`;
  const made = await installation.partner.ask(url, {
    method: 'POST',
    path,
    body: { email: 'owner@acmetours.example' },
  });
  const token = new URL((JSON.parse(made.body) as { url: string }).url).searchParams.get('token');
  const headers = { 'X-Requested-With': 'gatehouse' };
  const signedIn = await client.ask(url, { method: 'POST', path: '/session/login-link', headers, body: { token } });
  return signedIn.headers['set-cookie']![0]!.split(';', 1)[0]!;
}

function manage({ url }: ServerProcess, path: string, body: object = {}): Promise<Answer> {
  const headers = { Cookie: cookie, 'X-Requested-With': 'gatehouse' };
  return client.ask(url, { method: 'POST', path, headers, body });
}

async function made(server: ServerProcess, path: string, body: object): Promise<NewKey> {
  return JSON.parse((await manage(server, path, body)).body) as NewKey;
}

const newKey = () => made(servers[0], KEYS, { name: 'Production', access: 'full' });

async function statusAt({ url }: ServerProcess, { api_key }: NewKey): Promise<number> {
  return (await client.ask(url, { path: '/whoami', headers: { Authorization: `Bearer ${api_key}` } })).status;
}

/** Sends both calls at once, to one process each. */
async function race(one: [string, object?], other: [string, object?]): Promise<Answer[]> {
  return Promise.all([manage(servers[0], ...one), manage(servers[1], ...other)]);
}

async function stateOf(id: string): Promise<string> {
  const sql = `SELECT CASE WHEN revoked_at IS NOT NULL THEN 'revoked' WHEN suspended_at IS NOT NULL THEN 'suspended'
    ELSE 'active' END AS state FROM api_keys WHERE id = $1`;
  return (await installation.database.query(sql, [id])).rows[0].state as string;
}

async function actionsOf(id: string): Promise<string[]> {
  const sql = 'SELECT action FROM audit_entries WHERE target_id = $1 ORDER BY sequence';
  return (await installation.database.query(sql, [id])).rows.map(({ action }) => action as string);
}

test('once one process has suspended or resumed a key, every other one refuses or admits it', async () => {
  const key = await newKey();
  const seen: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const [here, there] = round % 2 === 0 ? servers : [servers[1], servers[0]];
    await manage(here, `${KEYS}/${key.id}/suspend`);
    seen.push(await statusAt(there, key));
    await manage(there, `${KEYS}/${key.id}/resume`);
    seen.push(await statusAt(here, key));
  }
  expect(seen).toEqual(Array.from({ length: 2 * ROUNDS }, (_, at) => (at % 2 === 0 ? 401 : 200)));
});

test('once one process has suspended or resumed an org, every other one refuses or admits its keys and sessions', async () => {
  const org = await installation.newOrg(servers[0]);
  const key = { id: '', api_key: (await installation.newKey(servers[0], org)).key };
  const act = ({ url }: ServerProcess, action: string) =>
    installation.partner.ask(url, { method: 'POST', path: `/partner/v1/orgs/${org}/${action}`, body: {} });
  const seen: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const [here, there] = round % 2 === 0 ? servers : [servers[1], servers[0]];
    await act(here, 'suspend');
    seen.push(await statusAt(there, key));
    await act(there, 'resume');
    seen.push(await statusAt(here, key));
  }
  expect(seen).toEqual(Array.from({ length: 2 * ROUNDS }, (_, at) => (at % 2 === 0 ? 401 : 200)));
});

test('the first use of a new credential at one process ends the replaced one at every other', async () => {
  const seen: number[][] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const [here, there] = round % 2 === 0 ? servers : [servers[1], servers[0]];
    const old = await newKey();
    const body = { grace_seconds: 0, overlap_from: 'first_use' };
    const fresh = await made(here, `${KEYS}/${old.id}/rotate`, body);
    const before = [await statusAt(here, old), await statusAt(there, old)];
    const use = await statusAt(here, fresh);
    seen.push([...before, use, await statusAt(there, old), await statusAt(here, old), await statusAt(there, fresh)]);
  }
  expect(seen).toEqual(Array.from({ length: ROUNDS }, () => [200, 200, 200, 401, 401, 200]));
});

test('a key that is suspended and revoked at once is revoked, and stays so', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const key = await newKey();
    const [suspended, revoked] = await race([`${KEYS}/${key.id}/suspend`], [`${KEYS}/${key.id}/revoke`]);
    expect([200, 409]).toContain(suspended!.status);
    expect(revoked!.status).toBe(200);
    expect(await stateOf(key.id)).toBe('revoked');
    const between = suspended!.status === 200 ? ['api_key.suspended'] : [];
    expect(await actionsOf(key.id)).toEqual(['api_key.created', ...between, 'api_key.revoked']);
    expect([await statusAt(servers[0], key), await statusAt(servers[1], key)]).toEqual([401, 401]);
  }
});

test('a key that is resumed and revoked at once is revoked, and stays so', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const key = await newKey();
    await manage(servers[0], `${KEYS}/${key.id}/suspend`);
    const [resumed, revoked] = await race([`${KEYS}/${key.id}/resume`], [`${KEYS}/${key.id}/revoke`]);
    expect([200, 409]).toContain(resumed!.status);
    expect(revoked!.status).toBe(200);
    expect(await stateOf(key.id)).toBe('revoked');
    expect([await statusAt(servers[0], key), await statusAt(servers[1], key)]).toEqual([401, 401]);
  }
});

test('keys that two processes suspend and revoke in bulk at once are revoked, each with its entries', async () => {
  for (let round = 0; round < scaled(5); round++) {
    const tag = `round-${round}`;
    const body = { access: 'full', name: 'Production', tags: [tag] };
    const keys = await Promise.all(Array.from({ length: 20 }, () => made(servers[0], KEYS, body)));
    const bulk = (action: string): [string, object] => [`${KEYS}/bulk`, { filter: { tag }, action }];
    const answers = await race(bulk('suspend'), bulk('revoke'));
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    for (const key of keys) {
      expect(await stateOf(key.id)).toBe('revoked');
      expect((await actionsOf(key.id)).at(-1)).toBe('api_key.revoked');
      expect(await statusAt(servers[round % 2]!, key)).toBe(401);
    }
  }
});

test('a key that is suspended and rotated at once is suspended, with both credentials', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const key = await newKey();
    const [suspended, rotated] = await race([`${KEYS}/${key.id}/suspend`], [`${KEYS}/${key.id}/rotate`]);
    expect([suspended!.status, rotated!.status]).toEqual([200, 200]);
    const fresh = JSON.parse(rotated!.body) as NewKey;
    expect(await stateOf(key.id)).toBe('suspended');
    expect((await actionsOf(key.id)).toSorted()).toEqual(['api_key.created', 'api_key.rotated', 'api_key.suspended']);
    for (const each of [key, fresh]) {
      expect([await statusAt(servers[0], each), await statusAt(servers[1], each)]).toEqual([401, 401]);
    }
  }
});
