import { beforeAll, describe, expect, it } from 'vitest';
import { SCOPE_CATALOGUE } from '../../src/access/scopes/scope-catalogue.js';
import { createKey, readKey, type Signed, signedInAs } from '../support/manage.js';
import { changeBySql } from '../support/sql-change.js';
import { TestServer, type TestOrg } from '../support/start-app.js';
import { newKeyPair } from '../support/stored-keys.js';

const KEYS = '/manage/v1/api-keys';
const HOUR_MS = 3_600_000;

/** The resources and actions of managed keys [S2]. */
const RESOURCES: Record<string, string[]> = {
  calls: ['read', 'write'],
  leads: ['read', 'write'],
  agents: ['read', 'write'],
  analytics: ['read'],
  contacts: ['read', 'write'],
  knowledge_base: ['read', 'write'],
  integrations: ['read', 'write'],
};

const server = TestServer.forSuite();
let org: TestOrg;
let admin: Signed;
beforeAll(async () => {
  org = await server.newOrg();
  admin = await signedInAs(server, org, 'Admin');
});

const create = (body: object) => admin.post(KEYS).send({ name: 'Production Backend', ...body });
const missing = (scope: string) => ({
  statusCode: 403,
  message: `This API key does not have the required scope: "${scope}".`,
});

describe('creating a key', () => {
  it('requires a name', async () => {
    for (const name of ['Production Backend', 'CRM Integration']) {
      expect((await create({ name, scopes: ['leads:read'] }).expect(201)).body.name).toBe(name);
    }
    for (const name of [undefined, null, '']) await create({ name, scopes: ['leads:read'] }).expect(400);
  });

  it('takes an optional expiry, after which the key is refused', async () => {
    const expires_at = new Date(Date.now() + HOUR_MS).toISOString();
    const [ending, endless] = [await createKey(admin, { expires_at }), await createKey(admin)];
    expect([ending.expires_at, endless.expires_at]).toEqual([expires_at, null]);
    for (const { api_key } of [ending, endless]) await server.as(api_key).get('/contacts').expect(200);
    await changeBySql(server, 'update api_keys set expires_at = now() where id = $1', [ending.id]);
    await server.as(ending.api_key).get('/contacts').expect(401);
    await server.as(endless.api_key).get('/contacts').expect(200);
    await create({ scopes: ['leads:read'], expires_at: new Date(Date.now() - HOUR_MS).toISOString() }).expect(400);
  });

  it('requires at least one scope', async () => {
    for (const body of [{ scopes: [] }, { access: 'scoped' }, { access: 'scoped', scopes: [] }, {}]) {
      const { message } = (await create(body).expect(400)).body;
      expect(message).toMatch(/at least one scope|is required where there are no scopes/i);
    }
  });
});

describe('resource permissions', () => {
  it('the catalogue has the seven contracted resources with their actions', () => {
    const listed = SCOPE_CATALOGUE.filter(({ audience, resource }) => audience === 'org' && resource in RESOURCES);
    expect(Object.fromEntries(listed.map(({ resource, actions }) => [resource, actions]))).toEqual(RESOURCES);
  });

  it('read, write or both can be granted per resource', async () => {
    const each = Object.entries(RESOURCES).flatMap(([resource, actions]) =>
      actions.map((action) => `${resource}:${action}`),
    );
    for (const scopes of [['calls:read'], ['calls:write'], ['calls:read', 'calls:write'], each]) {
      const { id } = (await create({ scopes }).expect(201)).body;
      expect((await readKey(admin, id)).scopes.toSorted()).toEqual(scopes.toSorted());
    }
  });

  it('read allows GET requests on that resource and no other request', async () => {
    const { id } = (await admin.post('/manage/v1/agents').send({ name: 'Receptionist' }).expect(201)).body;
    const reader = server.as((await createKey(admin, { scopes: ['agents:read'] })).api_key);
    await reader.get('/agents').expect(200);
    await reader.get(`/agents/${id}`).expect(200);
    for (const call of [reader.post('/agents'), reader.patch(`/agents/${id}`), reader.delete(`/agents/${id}`)]) {
      expect((await call.send({ name: 'Other' }).expect(403)).body).toEqual(missing('agents:write'));
    }
  });

  it('write allows POST, PATCH and DELETE, and does not include read', async () => {
    const writer = server.as((await createKey(admin, { scopes: ['agents:write'] })).api_key);
    const { id } = (await writer.post('/agents').send({ name: 'Receptionist' }).expect(201)).body;
    await writer.patch(`/agents/${id}`).send({ name: 'Concierge' }).expect(200);
    for (const path of ['/agents', `/agents/${id}`]) {
      expect((await writer.get(path).expect(403)).body).toEqual(missing('agents:read'));
    }
    await writer.delete(`/agents/${id}`).expect(204);
    const both = server.as((await createKey(admin, { scopes: ['agents:read', 'agents:write'] })).api_key);
    await both.get('/agents').expect(200);
  });

  it('analytics can be granted for reading only', async () => {
    await create({ scopes: ['analytics:read'] }).expect(201);
    const { body } = await create({ scopes: ['analytics:read', 'analytics:write'] }).expect(400);
    expect(body.message).toBe('Scope "analytics:write" is not available: analytics has read only.');
  });
});

it('a key authenticates as a bearer token', async () => {
  const { api_key: key } = await createKey(admin);
  await server.http.get('/contacts').set('Authorization', `Bearer ${key}`).expect(200);
  for (const headers of [{}, { Authorization: key }, { 'X-API-Key': key }, { Authorization: `Basic ${key}` }]) {
    await server.http
      .get('/contacts')
      .set(headers as Record<string, string>)
      .expect(401);
  }
});

describe('revoking a key', () => {
  it('takes effect at once, and nothing reactivates the key', async () => {
    const key = await createKey(admin, { name: 'Old', expires_at: new Date(Date.now() + HOUR_MS).toISOString() });
    await server.as(key.api_key).get('/contacts').expect(200);
    await admin.post(`${KEYS}/${key.id}/revoke`).expect(200);
    await server.as(key.api_key).get('/contacts').expect(401);
    const later = new Date(Date.now() + 2 * HOUR_MS).toISOString();
    for (const body of [{ name: 'Back' }, { expires_at: later }, { expires_at: null }, { scopes: ['contacts:read'] }]) {
      await admin.patch(`${KEYS}/${key.id}`).send(body).expect(409);
    }
    for (const body of [{ revoked_at: null }, { state: 'active' }])
      await admin.patch(`${KEYS}/${key.id}`).send(body).expect(400);
    await admin.post(`${KEYS}/${key.id}/rotate`).expect(409);
    await admin.post(`${KEYS}/${key.id}/acknowledge`).expect(200);
    expect((await readKey(admin, key.id)).state).toBe('revoked');
    await server.as(key.api_key).get('/contacts').expect(401);
  });

  it('moves the key to the list of inactive keys', async () => {
    const [revoked, expired, active] = [await createKey(admin), await createKey(admin), await createKey(admin)];
    await admin.delete(`${KEYS}/${revoked.id}`).expect(204);
    await changeBySql(server, 'update api_keys set expires_at = now() where id = $1', [expired.id]);
    const idsOf = async (state: string) =>
      (await admin.get(`${KEYS}?state=${state}&limit=100`).expect(200)).body.items.map(({ id }: { id: string }) => id);
    expect(await idsOf('inactive')).toEqual(expect.arrayContaining([revoked.id, expired.id]));
    expect(await idsOf('active')).not.toEqual(expect.arrayContaining([revoked.id]));
    expect(await idsOf('active')).toContain(active.id);
    expect(await readKey(admin, revoked.id)).toMatchObject({ state: 'revoked', revoked_at: expect.any(String) });
  });
});

describe('the usage counts of a key', () => {
  /** Stores usage of that many hours ago. */
  const storeUsage = (id: string, hoursAgo: number, requests: number, refused = 0) =>
    server.database.pool.query(
      `insert into key_usage (key_id, hour, org_id, requests, refused, last_used_at)
       values ($1, date_trunc('hour', now(), 'UTC') - make_interval(hours => $2), $3, $4, $5, now() - make_interval(hours => $2))`,
      [id, hoursAgo, org.id, requests, refused],
    );

  it('cover the last 24 hours, 7 days and 30 days, and nothing older', async () => {
    const { id } = await createKey(admin);
    const hours = [0, 23, 24, 7 * 24 - 1, 7 * 24, 30 * 24 - 1, 30 * 24, 400 * 24];
    for (const [at, hoursAgo] of hours.entries()) await storeUsage(id, hoursAgo, 10 ** at);
    const usage = { last_24_hours: 11, last_7_days: 1_111, last_30_days: 111_111 };
    expect((await readKey(admin, id)).usage).toEqual(usage);
    const { items } = (await admin.get(`${KEYS}?limit=100`).expect(200)).body;
    expect(items.find((key: { id: string }) => key.id === id).usage).toEqual(usage);
    const { series, ...totals } = (await admin.get(`${KEYS}/${id}/usage`).expect(200)).body;
    expect(totals).toEqual(usage);
    expect(series.map(({ requests }: { requests: number }) => requests)).toEqual([100_000, 10_000, 1_000, 100, 10, 1]);
  });

  it('are available by day for several keys of the org in one request', async () => {
    const [busy, idle] = [await createKey(admin), await createKey(admin)];
    const stranger = await signedInAs(server, await server.newOrg(), 'Owner');
    const foreign = await createKey(stranger);
    for (const hoursAgo of [0, 23]) await storeUsage(busy.id, hoursAgo, 10, 1);
    await storeUsage(busy.id, 24, 5, 5);
    await storeUsage(busy.id, 30 * 24 - 1, 7);
    await storeUsage(busy.id, 30 * 24, 1_000);
    const ids = [busy.id, idle.id, foreign.id];
    const { items } = (await admin.get(`${KEYS}/usage?ids=${ids.join(',')}`).expect(200)).body;
    const none = { requests: 0, refused: 0 };
    const days = Array.from({ length: 30 }, () => none);
    expect(items).toHaveLength(2);
    expect(items).toContainEqual({ id: idle.id, days });
    expect(items).toContainEqual({
      id: busy.id,
      days: days
        .toSpliced(0, 1, { requests: 7, refused: 0 })
        .toSpliced(28, 2, { requests: 5, refused: 5 }, { requests: 20, refused: 2 }),
    });
    const tooMany = Array.from({ length: 101 }, () => busy.id).join(',');
    for (const bad of ['', 'x', `${busy.id},`, tooMany]) await admin.get(`${KEYS}/usage?ids=${bad}`).expect(400);
    await admin.get(`${KEYS}/usage`).expect(400);
  });

  it('include every authenticated request of the key at once, with refusals counted separately', async () => {
    const [key, other] = [await createKey(admin), await createKey(admin)];
    for (const path of ['/contacts', '/contacts', '/whoami']) await server.as(key.api_key).get(path).expect(200);
    await server.as(key.api_key).get('/tags').expect(403);
    await server.as(other.api_key).get('/contacts').expect(200);
    const { series, ...totals } = (await admin.get(`${KEYS}/${key.id}/usage`).expect(200)).body;
    expect(totals).toEqual({ last_24_hours: 4, last_7_days: 4, last_30_days: 4 });
    const sum = (field: 'requests' | 'refused') =>
      series.reduce((total: number, hour: Record<string, number>) => total + hour[field]!, 0);
    expect([sum('requests'), sum('refused')]).toEqual([4, 1]);
    expect(series[0].hour).toMatch(/^\d{4}-\d\d-\d\dT\d\d:00:00\.000Z$/);
    const { last_used_at } = await readKey(admin, key.id);
    expect(Date.now() - Date.parse(last_used_at!)).toBeLessThan(60_000);
  });

  it('count a scope that the body needs as refused, and neither a 400 nor a 409', async () => {
    const { id, api_key } = await createKey(admin, { scopes: ['autopilot:write'] });
    const post = (body: object) => server.as(api_key).post('/autopilot/topics').send(body);
    await post({ topic: 'Refunds', mode: 'handoff' }).expect(403);
    await post({ topic: 'Refunds', mode: 'no_assist' }).expect(201);
    await post({ topic: 'Refunds', mode: 'no_assist' }).expect(409);
    await post({}).expect(400);
    const { series } = (await admin.get(`${KEYS}/${id}/usage`).expect(200)).body;
    expect(series).toEqual([{ hour: expect.any(String), requests: 4, refused: 1 }]);
  });

  it('count a call to the routes of another agent as refused', async () => {
    const { id, key, secret } = await newKeyPair(server, org.id);
    const path = '/v1/open/contacts/chatbots/0198a2f0-0000-7000-8000-000000000000';
    await server.http.get(path).set({ 'X-API-Key': key, 'X-API-Secret': secret }).expect(403);
    const { series } = (await admin.get(`${KEYS}/${id}/usage`).expect(200)).body;
    expect(series).toEqual([{ hour: expect.any(String), requests: 1, refused: 1 }]);
  });
});
