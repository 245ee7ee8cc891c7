import { beforeAll, describe, expect, it } from 'vitest';
import { createKey, readKey, type Signed, signedInAs } from '../support/manage.js';
import { TestServer, type TestOrg } from '../support/start-app.js';

const KEYS = '/manage/v1/api-keys';
const TYPES = ['client', 'openconnect', 'queue_adapter', 'telephony'] as const;

const server = TestServer.forSuite();
let org: TestOrg;
let admin: Signed;
beforeAll(async () => {
  org = await server.newOrg();
  admin = await signedInAs(server, org, 'Admin');
});

const post = (key: string) => server.as(key).post('/events').send({ event: 'call.started' });
const create = (body: object) => admin.post(KEYS).send({ name: 'Workspace', type: 'client', ...body });

it('the list of keys has typed keys with their type', async () => {
  const made = [];
  for (const type of TYPES) made.push(await createKey(admin, { name: `The ${type}`, type }));
  const { items } = (await admin.get(KEYS).expect(200)).body;
  const listed = items.map(({ name, type }: { name: string; type: string }) => [name, type]);
  expect(listed).toEqual(made.map(({ name, type }) => [name, type]).toReversed());
});

it('the audit of keys has the action, the user and the time', async () => {
  const before = Date.now();
  const key = await createKey(admin, { type: 'client' });
  await admin.post(`${KEYS}/${key.id}/acknowledge`).expect(200);
  await admin.patch(`${KEYS}/${key.id}`).send({ name: 'Renamed' }).expect(200);
  await admin.post(`${KEYS}/${key.id}/rotate`).expect(200);
  await admin.delete(`${KEYS}/${key.id}`).expect(204);
  const { user } = (await admin.get('/session').expect(200)).body;
  const { items } = (await admin.get(`/manage/v1/audit?api_key_id=${key.id}`).expect(200)).body;
  const actions = ['created', 'acknowledged', 'updated', 'rotated', 'revoked'].map((action) => `api_key.${action}`);
  expect(items.map(({ action }: { action: string }) => action)).toEqual(actions.toReversed());
  for (const { actor, created_at } of items) {
    expect(actor).toEqual({ type: 'user', id: user.id, name: user.name });
    expect(Date.parse(created_at)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(created_at)).toBeLessThanOrEqual(Date.now());
  }
});

describe('creating a typed key', () => {
  it('requires a name, and takes a description', async () => {
    await create({ name: undefined }).expect(400);
    expect((await create({}).expect(201)).body.description).toBe(null);
    expect((await create({ description: 'Action buttons' }).expect(201)).body.description).toBe('Action buttons');
  });

  it('takes an optional list of allowed domains, which is enforced', async () => {
    const { api_key, allowed_origins } = (
      await create({ allowed_origins: ['crm.example.com', '*.example.org'] }).expect(201)
    ).body;
    expect(allowed_origins).toEqual(['crm.example.com', '*.example.org']);
    for (const origin of ['https://crm.example.com', 'https://CRM.example.com:8443', 'https://a.b.example.org']) {
      await post(api_key).set('Origin', origin).expect(202);
    }
    await post(api_key).set('Referer', 'https://crm.example.com/case/7').expect(202);
    for (const origin of [
      'https://example.com',
      'https://example.org',
      'https://crm.example.com.evil.example',
      'null',
    ]) {
      const { body } = await post(api_key).set('Origin', origin).expect(403);
      expect(body).toEqual({ statusCode: 403, message: 'Origin is not allowed.', code: 'origin_not_allowed' });
    }
    await post(api_key).expect(403);
  });

  it('accepts any origin if the list of domains is empty', async () => {
    for (const allowed_origins of [undefined, null, []]) {
      const { api_key } = (await create({ allowed_origins }).expect(201)).body;
      await post(api_key).expect(202);
      for (const origin of ['https://anywhere.example', 'null']) await post(api_key).set('Origin', origin).expect(202);
    }
  });

  it.each(TYPES)('gives the key exactly one type, under which its events are stored: %s', async (type) => {
    const { api_key, id } = await createKey(admin, { type });
    await post(api_key).expect(202);
    const { items } = (await admin.get(`/manage/v1/events?type=${type}`).expect(200)).body;
    expect(items[0]).toMatchObject({ type, event: 'call.started', api_key_id: id });
    for (const other of [['client', 'telephony'], 'Client', 'all', null]) await create({ type: other }).expect(400);
    await admin.patch(`${KEYS}/${id}`).send({ type: 'standard' }).expect(400);
  });

  it('refuses access, scopes and a key kind, and the key opens no resource', async () => {
    for (const body of [{ access: 'full' }, { scopes: ['contacts:read'] }, { kind: 'key_secret' }])
      await create(body).expect(400);
    const { api_key } = await createKey(admin, { type: 'client' });
    for (const path of ['/contacts', '/tags', '/org']) await server.as(api_key).get(path).expect(401);
  });
});

describe('a new typed key', () => {
  it('is shown once', async () => {
    const { api_key, id, masked_key } = await createKey(admin, { type: 'openconnect' });
    const texts = [await admin.get(`${KEYS}/${id}`), await admin.get(KEYS), await admin.get('/manage/v1/audit')];
    expect(texts.filter(({ text }) => text.includes(api_key))).toEqual([]);
    expect(masked_key).toBe(`ocx_live_…${api_key.slice(-4)}`);
  });

  it('can be acknowledged as stored', async () => {
    const { id, acknowledged } = await createKey(admin, { type: 'openconnect' });
    expect(acknowledged).toBe(false);
    expect((await admin.post(`${KEYS}/${id}/acknowledge`).expect(200)).body.acknowledged).toBe(true);
    expect((await readKey(admin, id)).acknowledged).toBe(true);
  });
});

describe('updating a typed key', () => {
  it('can change only its name and description', async () => {
    const key = await createKey(admin, { type: 'telephony', allowed_origins: ['crm.example.com'] });
    const path = `${KEYS}/${key.id}`;
    const { body } = await admin.patch(path).send({ name: 'Media bar', description: 'Legacy' }).expect(200);
    expect(body).toMatchObject({ name: 'Media bar', description: 'Legacy', allowed_origins: ['crm.example.com'] });
    const others: object[] = [
      { allowed_origins: [] },
      { allowed_ips: [] },
      { expires_at: null },
      { rate_limit: null },
      { rate_limit: { per_minute: 5 } },
      { access: 'full' },
      { scopes: ['contacts:read'] },
      { type: 'client' },
      { kind: 'bearer' },
    ];
    for (const other of others) {
      const answer = await admin
        .patch(path)
        .send({ name: 'Other', ...other })
        .expect(400);
      expect(answer.body.errors.map(({ field }: { field: string }) => field)).toEqual(Object.keys(other));
    }
    expect(await readKey(admin, key.id)).toEqual(body);
  });
});
