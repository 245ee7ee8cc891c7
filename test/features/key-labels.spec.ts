import { decodeJwt } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { createKey, readKey, type Signed, signedInAs } from '../support/manage.js';
import { newService } from '../support/services.js';
import { type TestOrg, TestServer } from '../support/start-app.js';

const KEYS = '/manage/v1/api-keys';
const TAKEN = {
  statusCode: 409,
  message: 'API key with this external_id already exists',
  code: 'taken',
};

const server = TestServer.forSuite();
let org: TestOrg;
let admin: Signed;
let ids = 0;
beforeAll(async () => {
  org = await server.newOrg();
  admin = await signedInAs(server, org, 'Admin');
});

const externalId = () => `key-${++ids}`;
const update = (id: string, body: object) => admin.patch(`${KEYS}/${id}`).send(body);
const create = (body: object) => admin.post(KEYS).send({ name: 'Labelled', access: 'full', ...body });
const pairs = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`name-${at}`, 'x']));

async function problemOf(body: object): Promise<string> {
  const created = await create(body).expect(400);
  const { id } = await createKey(admin);
  const changed = await update(id, body).expect(400);
  expect(changed.body).toEqual(created.body);
  expect(await readKey(admin, id)).toMatchObject({ metadata: {}, tags: [], external_id: null, revision: 1 });
  return (created.body as { message: string }).message;
}

async function changesIn(action: string, id: string): Promise<object> {
  const { body } = await admin.get(`/manage/v1/audit?api_key_id=${id}&action=${action}`).expect(200);
  return (body as { items: { changes: object }[] }).items[0]!.changes;
}

async function idsOf(query: string): Promise<string[]> {
  const { body } = await admin.get(`${KEYS}?limit=100&${query}`).expect(200);
  return (body as { items: { id: string }[] }).items.map(({ id }) => id);
}

describe('the labels of a key', () => {
  it('are in every answer about it: to managers, its partner, itself, and in the audit', async () => {
    const external_id = externalId();
    const labels = { metadata: { plan: 'pro', 'cost.center': '' }, tags: ['website', 'EU'], external_id };
    const key = await createKey(admin, labels);
    const shown = { ...labels, tags: ['EU', 'website'] };
    expect(key).toMatchObject(shown);
    expect(await readKey(admin, key.id)).toMatchObject(shown);
    expect((await server.as(key.api_key).get('/whoami').expect(200)).body).toMatchObject(shown);
    const { data } = (await server.as(org.partner.key).get(`/partner/v1/orgs/${org.id}/api-keys`).expect(200)).body;
    expect(data.find((each: { api_key_id: string }) => each.api_key_id === key.id)).toMatchObject(shown);
    expect(await changesIn('api_key.created', key.id)).toMatchObject({
      metadata: { before: null, after: shown.metadata },
      tags: { before: null, after: shown.tags },
      external_id: { before: null, after: external_id },
    });
  });

  it('are empty by default, and not in the audit then', async () => {
    const key = await createKey(admin, { metadata: null, tags: null, external_id: null });
    expect(key).toMatchObject({ metadata: {}, tags: [], external_id: null });
    expect(Object.keys(await changesIn('api_key.created', key.id))).toEqual(['kind', 'type', 'access', 'scopes']);
  });

  it('can be given to typed keys and keys with a secret, and changed there', async () => {
    const { body: agent } = await admin.post('/manage/v1/agents').send({ name: 'Receptionist' }).expect(201);
    const pair = { kind: 'key_secret', agent_id: (agent as { id: string }).id, scopes: ['contacts:read'] };
    for (const settings of [{ type: 'client' }, pair]) {
      const { id, tags } = await createKey(admin, { ...settings, tags: ['one'] });
      expect(tags).toEqual(['one']);
      const labels = { metadata: { plan: 'pro' }, tags: ['two'], external_id: externalId() };
      expect((await update(id, labels).expect(200)).body).toMatchObject(labels);
    }
  });

  it('that are refused leave the key as it is', async () => {
    expect(await problemOf({ metadata: pairs(51) })).toMatch(/^metadata must be an object of at most 50 texts/);
    for (const name of ['', 'a b', 'a:b', 'a=b', '_x', '-x', 'é', 'x'.repeat(41)]) {
      expect(await problemOf({ metadata: { [name]: 'x' } })).toMatch(/^metadata must be/);
    }
    // No body of this server has a field with such a name.
    for (const name of ['__proto__', 'constructor', 'toString']) {
      const metadata = JSON.parse(`{"${name}":"x"}`) as object;
      expect(await problemOf({ metadata })).toBe(`metadata.${name} is not a known field`);
    }
    for (const value of [1, true, {}, [], 'a\nb', 'a\tb', '\u0085', '\u2028', 'x'.repeat(501)]) {
      expect(await problemOf({ metadata: { name: value } })).toMatch(/^metadata must be/);
    }
    for (const metadata of [[], 'text', 7]) expect(await problemOf({ metadata })).toMatch(/^metadata must be/);
    for (const tags of [
      ['a', 'a'],
      ['a', ' a '],
      ['e\u0301', '\u00e9'],
    ]) {
      expect(await problemOf({ tags })).toMatch(/unique/);
    }
    for (const tags of [[''], ['  '], ['a\nb'], ['\u200b'], [7], [null], ['x'.repeat(51)], 'a', {}]) {
      expect(await problemOf({ tags })).toMatch(/tags must be/);
    }
    expect(await problemOf({ tags: Array.from({ length: 21 }, (_, at) => `tag-${at}`) })).toMatch(/20 elements/);
    for (const external_id of ['', 'a\nb', 7, 'x'.repeat(201)]) {
      expect(await problemOf({ external_id })).toMatch(/^external_id must be/);
    }
    await create({ metadata: { name: null } }).expect(400);
  });

  it('may be as long as the limits say, in characters of any script', async () => {
    const labels = {
      metadata: { ...pairs(49), ['n'.repeat(40)]: '😀'.repeat(500) },
      tags: Array.from({ length: 20 }, (_, at) => `${'é'.repeat(48)}${at + 10}`),
      external_id: '€'.repeat(200),
    };
    expect((await create(labels).expect(201)).body).toMatchObject(labels);
  });
});

describe('a change of labels', () => {
  it('merges metadata, where null removes a pair, and is audited as a whole', async () => {
    const { id } = await createKey(admin, { metadata: { plan: 'free', owner: 'ada' } });
    const after = { plan: 'pro', team: 'web' };
    const changed = await update(id, { metadata: { plan: 'pro', owner: null, team: 'web', absent: null } }).expect(200);
    expect(changed.body.metadata).toEqual(after);
    expect(await changesIn('api_key.updated', id)).toEqual({
      metadata: { before: { plan: 'free', owner: 'ada' }, after },
    });
    expect((await update(id, { metadata: null }).expect(200)).body.metadata).toEqual({});
  });

  it('can exchange pairs of full metadata, and is refused if more than 50 would be left', async () => {
    const { id } = await createKey(admin, { metadata: pairs(50) });
    const { message } = (await update(id, { metadata: { more: 'x' } }).expect(400)).body;
    expect(message).toBe('metadata must have at most 50 pairs after the change');
    const { metadata } = (await update(id, { metadata: { more: 'x', 'name-0': null } }).expect(200)).body;
    expect(Object.keys(metadata)).toHaveLength(50);
  });

  it('replaces tags, and another order of the same tags is no change', async () => {
    const { id, revision } = await createKey(admin, { tags: ['b', 'a'] });
    expect((await update(id, { tags: [' a', 'b '] }).expect(200)).body).toMatchObject({ revision, tags: ['a', 'b'] });
    expect((await update(id, { tags: ['c'] }).expect(200)).body.tags).toEqual(['c']);
    expect((await update(id, { tags: null }).expect(200)).body.tags).toEqual([]);
  });

  it('is what the key says of itself once the change has answered', async () => {
    const { id, api_key } = await createKey(admin);
    const key = server.as(api_key);
    for (let at = 0; at < 20; at++) {
      const metadata = { count: String(at) };
      await update(id, { metadata, tags: [`round-${at}`] }).expect(200);
      expect((await key.get('/whoami').expect(200)).body).toMatchObject({ metadata, tags: [`round-${at}`] });
    }
  });
});

describe('an external id', () => {
  it('is taken by one unrevoked key of an org', async () => {
    const external_id = externalId();
    const first = await createKey(admin, { external_id });
    expect((await create({ external_id }).expect(409)).body).toEqual(TAKEN);
    const second = await createKey(admin);
    expect((await update(second.id, { external_id }).expect(409)).body).toEqual(TAKEN);
    const path = `/partner/v1/orgs/${org.id}/api-keys`;
    expect((await server.as(org.partner.key).post(path).send({ external_id }).expect(409)).body).toEqual(TAKEN);
    const elsewhere = await signedInAs(server, await server.newOrg(org.partner), 'Admin');
    expect((await createKey(elsewhere, { external_id })).external_id).toBe(external_id);
    await admin.post(`${KEYS}/${first.id}/revoke`).expect(200);
    expect((await update(second.id, { external_id }).expect(200)).body.external_id).toBe(external_id);
    expect((await readKey(admin, first.id)).external_id).toBe(external_id);
  });

  it('is kept as it was sent', async () => {
    const external_id = ` e\u0301 / ${externalId()} `;
    const { id } = await createKey(admin, { external_id });
    expect((await readKey(admin, id)).external_id).toBe(external_id);
    expect(await idsOf(`external_id=${encodeURIComponent(external_id)}`)).toEqual([id]);
  });

  it('that forty requests give to new keys at once is one key', async () => {
    const external_id = externalId();
    const answers = await Promise.all(Array.from({ length: 40 }, () => create({ external_id })));
    const statuses = answers.map(({ status }) => status).toSorted((one, other) => one - other);
    expect(statuses).toEqual([201, ...Array.from({ length: 39 }, () => 409)]);
    expect(await idsOf(`external_id=${external_id}`)).toHaveLength(1);
  });
});

describe('lists', () => {
  it('are filtered by tag, external id and a pair of metadata', async () => {
    const external_id = externalId();
    const [one, other] = [
      await createKey(admin, { tags: ['Filtered', 'one'], metadata: { region: 'eu:west', tier: '1' }, external_id }),
      await createKey(admin, { tags: ['Filtered'], metadata: { region: 'us', tier: '1' } }),
    ];
    expect(await idsOf('tag=Filtered')).toEqual([other.id, one.id]);
    expect(await idsOf('tag=%20Filtered&metadata=region:us')).toEqual([other.id]);
    expect(await idsOf('metadata=region:eu:west')).toEqual([one.id]);
    expect(await idsOf('metadata=tier:1&tag=one')).toEqual([one.id]);
    expect(await idsOf(`external_id=${external_id}`)).toEqual([one.id]);
    for (const query of ['tag=filtered', 'metadata=region:eu', 'metadata=tier:', `external_id=${external_id}x`]) {
      expect(await idsOf(query)).toEqual([]);
    }
    const partner = server.as(org.partner.key);
    const idsOfPartner = async (query: string) => {
      const { body } = await partner.get(`/partner/v1/orgs/${org.id}/api-keys?${query}`).expect(200);
      return (body as { data: { api_key_id: string }[] }).data.map((key) => key.api_key_id);
    };
    expect(await idsOfPartner('tag=Filtered')).toEqual([other.id, one.id]);
    expect(await idsOfPartner(`external_id=${external_id}&metadata=region:eu:west`)).toEqual([one.id]);
    expect(await idsOfPartner('tag=none')).toEqual([]);
  });

  it('refuse filters that no key could match', async () => {
    const bad = ['tag=', `tag=${'x'.repeat(51)}`, 'tag=a&tag=b', 'metadata=region', 'metadata=:x', 'metadata=a%20b:x'];
    for (const query of [...bad, `metadata=a:${'x'.repeat(501)}`, 'metadata[a]=b', 'external_id=']) {
      await admin.get(`${KEYS}?${query}`).expect(400);
      await server.as(org.partner.key).get(`/partner/v1/orgs/${org.id}/api-keys?${query}`).expect(400);
    }
  });
});

it('a service gets the labels with each verdict, also right after a change, and in an assertion only the external id', async () => {
  const service = await newService(server, {
    routes: [{ methods: ['GET'], path: '/invoices', needs: '{resource}:read' }],
  });
  const labels = { external_id: externalId(), tags: ['finance'], metadata: { plan: 'pro' } };
  const key = await createKey(admin, { scopes: [service.scope('read')], ...labels });
  const verify = async () => {
    const question = { credential: { bearer: key.api_key }, method: 'GET', path: '/invoices' };
    return (await server.as(service.key).post('/v1/verify').send(question).expect(200)).body.key as object;
  };
  const introspect = async () => {
    const asked = server.as(service.key).post('/oauth2/introspect').type('form');
    return (await asked.send(`token=${key.api_key}`).expect(200)).body as object;
  };
  expect(await verify()).toEqual({ id: key.id, name: key.name, kind: 'bearer', ...labels });
  expect(await introspect()).toMatchObject({ active: true, ...labels });
  const forwarded = await server
    .as(key.api_key)
    .get(`/v1/forward-auth/${service.slug}`)
    .set({ 'X-Original-Method': 'GET', 'X-Original-URI': '/invoices', 'X-Forwarded-For': '198.51.100.7' })
    .expect(200);
  expect(decodeJwt(forwarded.headers['x-gatehouse-assertion'] as string)).toMatchObject({
    key_external_id: labels.external_id,
  });
  expect(JSON.stringify(forwarded.headers)).not.toContain(labels.external_id);
  await update(key.id, { metadata: { plan: 'free' }, external_id: null }).expect(200);
  expect(await verify()).toMatchObject({ external_id: null, metadata: { plan: 'free' } });
  expect(await introspect()).not.toHaveProperty('external_id');
});
