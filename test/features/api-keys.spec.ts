import { beforeEach, describe, expect, it } from 'vitest';
import { uuidV7 } from '../../src/core/database/uuid-v7.js';
import { createAgent, createKey, pairHeaders, readKey, type Signed, signedInAs } from '../support/manage.js';
import { type TestOrg, TestServer } from '../support/start-app.js';
import { UNKNOWN_ID } from '../support/unknown-id.js';

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const NOT_FOUND = { statusCode: 404, message: 'API key not found', error: 'Not Found', code: 'not_found' };
const KEYS = '/manage/v1/api-keys';
const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();

const server = TestServer.forSuite({
  LIMIT_ORG_KEY_PER_MINUTE: '',
  LIMIT_ORG_KEY_PER_HOUR: '',
  LIMIT_AGENT_KEY_PER_MINUTE: '',
  LIMIT_AGENT_KEY_PER_HOUR: '',
});
let org: TestOrg;
let admin: Signed;
beforeEach(async () => {
  org = await server.newOrg();
  admin = await signedInAs(server, org, 'Admin');
});

const whoami = (key: string) => server.as(key).get('/whoami');
const list = async (query = '') => (await admin.get(`${KEYS}${query}`).expect(200)).body;
const namesOf = async (query: string) => (await list(query)).items.map(({ name }: { name: string }) => name);
const auditOf = async (id: string) =>
  (await admin.get(`/manage/v1/audit?api_key_id=${id}`).expect(200)).body.items as {
    action: string;
    changes: unknown;
  }[];

describe('a key created in the dashboard', () => {
  it('is shown in that response only, which is not cacheable, and has every field', async () => {
    const body = { name: 'Production', description: 'CRM', scopes: ['tags:read', 'contacts:read'] };
    const answer = await admin.post(KEYS).send(body).expect(201);
    expect(answer.headers['cache-control']).toBe('no-store');
    const { api_key: token, ...key } = answer.body;
    expect(token).toMatch(/^ocx_live_[0-9A-Za-z]{49}$/);
    expect(key).toEqual({
      id: expect.any(String),
      name: 'Production',
      metadata: {},
      tags: [],
      external_id: null,
      revision: 1,
      description: 'CRM',
      kind: 'bearer',
      type: 'standard',
      access: 'scoped',
      scopes: ['contacts:read', 'tags:read'],
      agent_id: null,
      masked_key: `ocx_live_…${token.slice(-4)}`,
      allowed_ips: [],
      allowed_origins: [],
      rate_limit: { per_minute: 1_000, per_hour: 10_000 },
      state: 'active',
      acknowledged: false,
      created_by: { type: 'user', id: expect.any(String), name: expect.any(String) },
      created_at: expect.stringMatching(INSTANT),
      expires_at: null,
      suspended_at: null,
      suspension_reason: null,
      revoked_at: null,
      replaced_credential: null,
      last_used_at: null,
      usage: { last_24_hours: 0, last_7_days: 0, last_30_days: 0 },
    });
    expect(await readKey(admin, key.id)).toEqual(key);
    expect((await list()).items).toEqual([key]);
    expect((await admin.get('/session').expect(200)).body.user.id).toBe(key.created_by.id);
  });

  it('has the same fields in /whoami, without what is for managers, and with the org', async () => {
    const agent = await createAgent(admin);
    const keys = [
      await createKey(admin, { access: 'full' }),
      await createKey(admin, { expires_at: inAnHour(), allowed_ips: ['127.0.0.0/8'], rate_limit: { per_minute: 7 } }),
      await createKey(admin, { type: 'telephony' }),
      await createKey(admin, { kind: 'key_secret', agent_id: agent, scopes: ['contacts:read'] }),
    ];
    for (const made of keys) {
      const headers = made.api_secret ? pairHeaders(made) : { Authorization: `Bearer ${made.api_key}` };
      const { last_used_at: seen, ...self } = (await server.http.get('/whoami').set(headers).expect(200)).body;
      const { created_by: _by, usage: _usage, last_used_at: used, ...key } = await readKey(admin, made.id);
      const {
        suspended_at: _at,
        suspension_reason: _reason,
        replaced_credential: _old,
        revision: _revision,
        ...shown
      } = key;
      expect(self).toEqual({ ...shown, org_id: org.id });
      expect([seen, used]).toEqual([expect.stringMatching(INSTANT), expect.stringMatching(INSTANT)]);
    }
  });

  it.each<[string, object, object]>([
    ['full access', { access: 'full' }, { access: 'full', scopes: [] }],
    ['scopes without saying access', { scopes: ['media:write'] }, { access: 'scoped', scopes: ['media:write'] }],
    ['null for what is absent', { access: 'full', scopes: null, expires_at: null, rate_limit: null }, { scopes: [] }],
    [
      'no limits to speak of',
      { access: 'full', rate_limit: {} },
      { rate_limit: { per_minute: 1_000, per_hour: 10_000 } },
    ],
    ['a limit', { access: 'full', rate_limit: { per_hour: 9 } }, { rate_limit: { per_minute: 1_000, per_hour: 9 } }],
    [
      'addresses',
      { access: 'full', allowed_ips: ['10.0.0.0/8', '::ffff:1.2.3.4'] },
      { allowed_ips: ['10.0.0.0/8', '1.2.3.4'] },
    ],
    ['an empty list of origins', { access: 'full', allowed_origins: [] }, { allowed_origins: [] }],
    [
      'a type',
      { type: 'client', allowed_origins: ['App.example.com'] },
      { type: 'client', allowed_origins: ['app.example.com'] },
    ],
    [
      'a type with limits',
      { type: 'queue_adapter', rate_limit: { per_minute: 3 } },
      { rate_limit: { per_minute: 3, per_hour: 10_000 } },
    ],
  ])('accepts %s', async (_what, settings, expected) => {
    expect(await createKey(admin, settings)).toMatchObject(expected);
  });

  it.each<[string, object]>([
    ['name', { name: undefined, access: 'full' }],
    ['name', { name: '', access: 'full' }],
    ['name', { name: 'x'.repeat(101), access: 'full' }],
    ['description', { description: 'x'.repeat(501), access: 'full' }],
    ['kind', { kind: 'jwt', access: 'full' }],
    ['type', { type: 'Client' }],
    ['access', {}],
    ['access', { access: 'all' }],
    ['scopes', { access: 'scoped' }],
    ['scopes', { scopes: [] }],
    ['scopes', { access: 'full', scopes: [] }],
    ['scopes', { access: 'full', scopes: ['tags:read'] }],
    ['scopes', { scopes: ['contacts:create'] }],
    ['agent_id', { scopes: ['tags:read'], agent_id: UNKNOWN_ID }],
    ['agent_id', { kind: 'key_secret', scopes: ['contacts:read'] }],
    ['access', { kind: 'key_secret', access: 'full', agent_id: UNKNOWN_ID }],
    ['scopes', { kind: 'key_secret', scopes: ['tags:read'], agent_id: UNKNOWN_ID }],
    ['kind', { kind: 'key_secret', type: 'client' }],
    ['access', { type: 'client', access: 'full' }],
    ['scopes', { type: 'client', scopes: ['tags:read'] }],
    ['agent_id', { type: 'telephony', agent_id: UNKNOWN_ID }],
    ['allowed_origins', { access: 'full', allowed_origins: ['app.example.com'] }],
    ['allowed_origins', { type: 'client', allowed_origins: ['https://app.example.com'] }],
    ['allowed_ips', { access: 'full', allowed_ips: ['10.0.0.5/8'] }],
    ['expires_at', { access: 'full', expires_at: '2020-01-01T00:00:00Z' }],
    ['rate_limit.per_minute', { access: 'full', rate_limit: { per_minute: 1_001 } }],
    ['masked_key', { access: 'full', masked_key: 'mine' }],
    ['revoked_at', { access: 'full', revoked_at: null }],
  ])('is refused for an invalid %s: %j', async (field, settings) => {
    const { body } = await admin
      .post(KEYS)
      .send({ name: 'Production', ...settings })
      .expect(400);
    expect(body.errors.map((error: { field: string }) => error.field)).toEqual([field]);
    expect((await list()).items).toEqual([]);
  });

  it('gets the same 404 for an agent that is unknown, malformed or of another org', async () => {
    const elsewhere = await server.newOrg();
    const theirs = await createAgent(await signedInAs(server, elsewhere, 'Admin'));
    for (const agent_id of [theirs, UNKNOWN_ID, 'agent']) {
      const body = { name: 'Sync', kind: 'key_secret', scopes: ['contacts:read'], agent_id };
      const answer = await admin.post(KEYS).send(body).expect(404);
      expect(answer.body).toEqual({
        statusCode: 404,
        message: 'Agent not found',
        error: 'Not Found',
        code: 'not_found',
      });
    }
    expect((await list()).items).toEqual([]);
  });
});

describe('GET /manage/v1/api-keys', () => {
  it('lists partner-made keys with their creator, and no key of another org', async () => {
    const { id } = await server.newOrgKey(org, { name: 'By the partner' });
    await server.newOrgKey(await server.newOrg());
    const { items } = await list();
    expect(items).toMatchObject([{ id, created_by: { type: 'partner', id: org.partner.id, name: 'Demo Partner' } }]);
    expect(items[0].acknowledged).toBe(true);
  });

  it('lists each key once over all pages, newest first', async () => {
    const names = Array.from({ length: 7 }, (_, index) => `Key ${index}`);
    for (const name of names) await createKey(admin, { name });
    const seen = [];
    for (let next: string | null = ''; next !== null;) {
      const page = await list(`?limit=3${next && `&cursor=${next}`}`);
      seen.push(...page.items.map(({ name }: { name: string }) => name));
      ({ next } = page);
    }
    expect(seen).toEqual(names.toReversed());
  });

  it('filters active and inactive keys', async () => {
    const [expired, revoked] = [
      await createKey(admin, { name: 'expired', expires_at: inAnHour() }),
      await createKey(admin, { name: 'revoked' }),
    ];
    await createKey(admin, { name: 'active', expires_at: inAnHour() });
    await server.database.pool.query('update api_keys set expires_at = now() where id = $1', [expired.id]);
    await admin.delete(`${KEYS}/${revoked.id}`).expect(204);
    expect(await namesOf('?state=active')).toEqual(['active']);
    expect(await namesOf('?state=inactive')).toEqual(['revoked', 'expired']);
    expect((await list('?state=inactive')).items.map(({ state }: { state: string }) => state)).toEqual([
      'revoked',
      'expired',
    ]);
    expect(await namesOf('')).toEqual(['active', 'revoked', 'expired']);
  });

  it('filters event keys and other keys', async () => {
    await createKey(admin, { name: 'Calls' });
    await admin.post(KEYS).send({ name: 'Posts', type: 'client' }).expect(201);
    expect(await namesOf('?kind=bearer')).toEqual(['Posts', 'Calls']);
    expect(await namesOf('?kind=bearer&type=standard')).toEqual(['Calls']);
    expect(await namesOf('?type=client,telephony')).toEqual(['Posts']);
    await admin.get(`${KEYS}?type=bearer`).expect(400);
  });

  it('finds keys by kind, and by part of their name, description or last characters, in any case', async () => {
    const agent = await createAgent(admin);
    await createKey(admin, { name: 'Pair', kind: 'key_secret', agent_id: agent });
    const crm = await createKey(admin, { name: '100% CRM_sync', description: 'Nightly import' });
    expect(await namesOf('?kind=key_secret')).toEqual(['Pair']);
    for (const search of ['crm', '100%25', '_SYNC', 'nightly', crm.masked_key.slice(-4)]) {
      expect([search, await namesOf(`?search=${search}`)]).toEqual([search, ['100% CRM_sync']]);
    }
    expect(await namesOf('?search=%25%25')).toEqual([]);
    expect(await namesOf('?search=crm&kind=key_secret')).toEqual([]);
    for (const query of ['?state=revoked', '?kind=jwt', '?search=', '?name=x'])
      await admin.get(KEYS + query).expect(400);
  });
});

describe('PATCH /manage/v1/api-keys/{id}', () => {
  const patch = (id: string, body: object) => admin.patch(`${KEYS}/${id}`).send(body);

  it('changes each setting alone, with effect before it returns, and {} changes nothing', async () => {
    const key = await createKey(admin, { rate_limit: { per_minute: 500, per_hour: 50 } });
    await whoami(key.api_key).expect(200);
    const steps: [object, object][] = [
      [{}, {}],
      [{ name: 'Staging' }, { name: 'Staging' }],
      [{ description: 'Import' }, { description: 'Import' }],
      [{ description: null }, { description: null }],
      [{ scopes: ['tags:write', 'tags:read'] }, { access: 'scoped', scopes: ['tags:read', 'tags:write'] }],
      [{ access: 'scoped' }, { access: 'scoped', scopes: ['tags:read', 'tags:write'] }],
      [{ access: 'full' }, { access: 'full', scopes: [] }],
      [
        { access: 'scoped', scopes: ['org:read'] },
        { access: 'scoped', scopes: ['org:read'] },
      ],
      [{ rate_limit: { per_minute: 900 } }, { rate_limit: { per_minute: 900, per_hour: 50 } }],
      [{ rate_limit: { per_minute: null } }, { rate_limit: { per_minute: 1_000, per_hour: 50 } }],
      [{ rate_limit: null }, { rate_limit: { per_minute: 1_000, per_hour: 10_000 } }],
      [{ allowed_ips: ['127.0.0.1', '10.0.0.0/8'] }, { allowed_ips: ['127.0.0.1', '10.0.0.0/8'] }],
      [{ allowed_ips: [] }, { allowed_ips: [] }],
      [{ expires_at: '2999-01-01T00:00:00Z' }, { expires_at: '2999-01-01T00:00:00.000Z' }],
      [{ expires_at: null }, { expires_at: null }],
    ];
    let expected: object = await readKey(admin, key.id);
    for (const [body, changed] of steps) {
      expected = {
        ...expected,
        ...changed,
        revision: expect.any(Number),
        last_used_at: expect.anything(),
        usage: expect.anything(),
      };
      expect((await patch(key.id, body).expect(200)).body).toEqual(expected);
      expect((await whoami(key.api_key).expect(200)).body).toMatchObject(changed);
    }
    // {} and unchanged access add no entry.
    expect((await auditOf(key.id)).map(({ action }) => action)).toEqual([
      ...Array<string>(steps.length - 2).fill('api_key.updated'),
      'api_key.created',
    ]);
  });

  it('adds an audit entry with the values before and after', async () => {
    const { id } = await createKey(admin);
    await patch(id, { name: 'Staging', scopes: ['tags:read'], expires_at: '2999-01-01T00:00:00Z' }).expect(200);
    expect((await auditOf(id))[0]).toMatchObject({
      action: 'api_key.updated',
      changes: {
        name: { before: 'Production', after: 'Staging' },
        scopes: { before: ['contacts:read'], after: ['tags:read'] },
        expires_at: { before: null, after: '2999-01-01T00:00:00.000Z' },
      },
    });
  });

  it.each<[string, object]>([
    ['name', { name: null }],
    ['name', { name: '' }],
    ['access', { access: null }],
    ['scopes', { scopes: null }],
    ['scopes', { scopes: [] }],
    ['scopes', { scopes: ['contacts:read', 'contacts:read'] }],
    ['scopes', { access: 'full', scopes: ['tags:read'] }],
    ['allowed_ips', { allowed_ips: null }],
    ['allowed_ips', { allowed_ips: ['0.0.0.0/0'] }],
    ['expires_at', { expires_at: '2020-01-01T00:00:00Z' }],
    ['rate_limit.per_hour', { rate_limit: { per_hour: 10_001 } }],
    ['kind', { kind: 'key_secret' }],
    ['type', { type: 'client' }],
    ['agent_id', { agent_id: UNKNOWN_ID }],
    ['allowed_origins', { allowed_origins: ['app.example.com'] }],
    ['revoked_at', { revoked_at: null }],
    ['state', { state: 'active' }],
  ])('refuses %s in %j, and changes nothing', async (field, body) => {
    const { id } = await createKey(admin);
    const before = await readKey(admin, id);
    const answer = await patch(id, { description: 'Changed', ...body }).expect(400);
    expect(answer.body.errors.map((error: { field: string }) => error.field)).toEqual([field]);
    expect(await readKey(admin, id)).toEqual(before);
  });

  it('gives a key with a secret neither full access nor scopes of the org', async () => {
    const agent_id = await createAgent(admin);
    const { id } = await createKey(admin, { kind: 'key_secret', agent_id });
    for (const body of [{ access: 'full' }, { scopes: ['tags:read'] }]) await patch(id, body).expect(400);
    const changed = (await patch(id, { scopes: ['document-extraction:create'] }).expect(200)).body;
    expect(changed.scopes).toEqual(['document-extraction:create']);
  });

  it('is 409 for a revoked and an expired key', async () => {
    const [revoked, expired] = [await createKey(admin), await createKey(admin, { expires_at: inAnHour() })];
    await admin.post(`${KEYS}/${revoked.id}/revoke`).expect(200);
    await server.database.pool.query('update api_keys set expires_at = now() where id = $1', [expired.id]);
    for (const [{ id }, state] of [
      [revoked, 'revoked'],
      [expired, 'expired'],
    ] as const) {
      const refusal = {
        statusCode: 409,
        message: `This API key is ${state} and cannot be changed.`,
        code: 'key_inactive',
      };
      for (const body of [{ name: 'Back' }, { expires_at: inAnHour() }]) {
        expect((await patch(id, body).expect(409)).body).toEqual(refusal);
      }
      expect((await admin.post(`${KEYS}/${id}/rotate`).expect(409)).body).toEqual(refusal);
      expect((await readKey(admin, id)).state).toBe(state);
    }
  });
});

describe('POST /manage/v1/api-keys/{id}/acknowledge', () => {
  it('marks the key as stored once, without effect on requests', async () => {
    const key = await createKey(admin);
    expect((await whoami(key.api_key).expect(200)).body.acknowledged).toBe(false);
    for (let times = 0; times < 2; times++) {
      const { body } = await admin.post(`${KEYS}/${key.id}/acknowledge`).expect(200);
      expect(body).toMatchObject({ id: key.id, acknowledged: true });
    }
    expect((await whoami(key.api_key).expect(200)).body.acknowledged).toBe(true);
    expect((await auditOf(key.id)).map(({ action }) => action)).toEqual(['api_key.acknowledged', 'api_key.created']);
  });
});

describe('revoking a key', () => {
  it('is the same by POST and DELETE, idempotent, effective before it returns, and audited once', async () => {
    const [one, other] = [await createKey(admin), await createKey(admin)];
    for (const { api_key } of [one, other]) await whoami(api_key).expect(200);
    const first = (await admin.post(`${KEYS}/${one.id}/revoke`).expect(200)).body;
    expect(first).toMatchObject({ id: one.id, state: 'revoked', revoked_at: expect.stringMatching(INSTANT) });
    await whoami(one.api_key).expect(401);
    expect((await admin.post(`${KEYS}/${one.id}/revoke`).expect(200)).body).toEqual(first);
    await admin.delete(`${KEYS}/${one.id}`).expect(204);
    await admin.delete(`${KEYS}/${other.id}`).expect(204);
    await whoami(other.api_key).expect(401);
    await admin.delete(`${KEYS}/${other.id}`).expect(204);
    expect((await admin.post(`${KEYS}/${other.id}/revoke`).expect(200)).body.state).toBe('revoked');
    for (const { id } of [one, other]) {
      expect((await auditOf(id)).map(({ action }) => action)).toEqual(['api_key.revoked', 'api_key.created']);
    }
  });

  it('works for partner-made keys too', async () => {
    const { id, key } = await server.newOrgKey(org);
    await admin.delete(`${KEYS}/${id}`).expect(204);
    await whoami(key).expect(401);
  });
});

it('a key of another org, an unknown id and a malformed id get the same 404 on every route, and nothing changes', async () => {
  const elsewhere = await signedInAs(server, await server.newOrg(), 'Admin');
  const theirs = await createKey(elsewhere);
  const before = await readKey(elsewhere, theirs.id);
  for (const id of [theirs.id, UNKNOWN_ID, uuidV7(), 'key']) {
    const path = `${KEYS}/${id}`;
    const answers = [
      await admin.get(path),
      await admin.get(`${path}/usage`),
      await admin.patch(path).send({ name: 'Mine' }),
      await admin.post(`${path}/acknowledge`),
      await admin.post(`${path}/rotate`),
      await admin.post(`${path}/revoke`),
      await admin.delete(path),
    ];
    expect(answers.map(({ body }) => body)).toEqual(Array(answers.length).fill(NOT_FOUND));
  }
  expect(await readKey(elsewhere, theirs.id)).toEqual(before);
});
