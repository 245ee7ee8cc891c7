import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ApiKeys } from '../../src/tenancy/api-keys/api-keys.service.js';
import { OPERATOR } from '../../src/kit/audit/actor.js';
import { createKey, type Signed, signedInAs } from '../support/manage.js';
import { newService, type TestService } from '../support/services.js';
import { type Client, type TestOrg, TestServer } from '../support/start-app.js';

const UNAUTHORIZED = { statusCode: 401, message: 'Unauthorized', error: 'Unauthorized' };

const server = TestServer.forSuite();
let operator: Client;
let org: TestOrg;
let admin: Signed;
let service: TestService;
let key: { id: string; api_key: string };
beforeAll(async () => {
  operator = server.as((await server.app.get(ApiKeys).createForOperator(OPERATOR)).token);
  org = await server.newOrg();
  admin = await signedInAs(server, org, 'Admin');
});
beforeEach(async () => {
  service = await newService(server, {
    routes: [
      { methods: ['GET'], path: '/invoices', needs: '{resource}:read' },
      { methods: ['GET'], path: '/status', needs: 'public', reason: 'health page' },
    ],
  });
  key = await createKey(admin, { scopes: [service.scope('read')] });
});

const act = (action: 'suspend' | 'resume') => operator.post(`/operator/v1/services/${service.slug}/${action}`);
const forward = (path: string, query = '') =>
  server
    .as(key.api_key)
    .get(`/v1/forward-auth/${service.slug}${query}`)
    .set({ 'X-Forwarded-Method': 'GET', 'X-Forwarded-Uri': path, 'X-Forwarded-For': '203.0.113.9' });
const verify = async (question: object) =>
  (
    await server
      .as(service.key)
      .post('/v1/verify')
      .send({ credential: { bearer: key.api_key }, ...question })
      .expect(200)
  ).body;
const introspect = async () =>
  (
    await server.http
      .post('/oauth2/introspect')
      .type('form')
      .set('Authorization', `Bearer ${service.key}`)
      .send(`token=${key.api_key}`)
      .expect(200)
  ).body;
const INVOICES = { method: 'GET', path: '/invoices' };
const STATUS = { method: 'GET', path: '/status' };

describe('a suspended service', () => {
  it('has every request refused at each of its doors, to public routes too, until it is resumed', async () => {
    for (const path of ['/invoices', '/status']) await forward(path).expect(200);
    expect((await act('suspend').expect(200)).body).toMatchObject({
      service: service.slug,
      suspended_at: expect.any(String),
    });
    for (const path of ['/invoices', '/status', '/no/such/route']) await forward(path).expect(401, UNAUTHORIZED);
    const forNginx = await forward('/invoices', '?statuses=401,403').expect(401);
    expect(forNginx.headers['x-gatehouse-status']).toBe('401');
    for (const question of [INVOICES, STATUS, { scope: service.scope('read') }]) {
      expect(await verify(question)).toMatchObject({
        valid: false,
        code: 'service_suspended',
        status: 401,
        body: UNAUTHORIZED,
        key: null,
      });
    }
    expect(await introspect()).toEqual({ active: false });

    expect((await act('resume').expect(200)).body).toMatchObject({ suspended_at: null });
    for (const path of ['/invoices', '/status']) await forward(path).expect(200);
    expect(await verify(INVOICES)).toMatchObject({ valid: true, code: 'valid' });
    expect(await introspect()).toMatchObject({ active: true });
  });

  it('leaves other services and this server alone', async () => {
    const other = await newService(server, {
      routes: [{ methods: ['GET'], path: '/invoices', needs: 'any-key' }],
    });
    await act('suspend').expect(200);
    const asked = { credential: { bearer: key.api_key }, ...INVOICES };
    const { body } = await server.as(other.key).post('/v1/verify').send(asked).expect(200);
    expect(body).toMatchObject({ valid: true });
    await server.as(key.api_key).get('/whoami').expect(200);
  });

  it('is named by a check of a key, for every route of it', async () => {
    await act('suspend').expect(200);
    for (const question of [
      { ...INVOICES, service: service.slug },
      { ...STATUS, service: service.slug },
    ]) {
      const { body } = await admin.post(`/manage/v1/api-keys/${key.id}/check`).send(question).expect(200);
      expect(body).toMatchObject({
        allowed: false,
        status: 401,
        message: 'The service is suspended.',
        mends: [{ action: 'resume_service', value: service.slug, role: 'operator' }],
      });
      expect(body.guards[0]).toMatchObject({ guard: 'authentication', result: 'refuse', reason: 'service_suspended' });
    }
  });

  it('is shown to the operator and to members', async () => {
    await act('suspend').expect(200);
    const suspended = { service: service.slug, suspended_at: expect.any(String) };
    expect((await operator.get(`/operator/v1/services/${service.slug}`).expect(200)).body).toMatchObject(suspended);
    const { items } = (await admin.get('/manage/v1/services').expect(200)).body;
    expect(items).toContainEqual(expect.objectContaining(suspended));
  });

  it('is recorded once, whatever is repeated', async () => {
    for (const action of ['resume', 'suspend', 'suspend', 'resume'] as const) await act(action).expect(200);
    const sql = 'SELECT action FROM audit_entries WHERE target_id = $1 ORDER BY sequence';
    const { rows } = await server.database.query(sql, [service.id]);
    expect(rows).toEqual([{ action: 'service.suspended' }, { action: 'service.resumed' }]);
    await operator.post('/operator/v1/services/no-such-service/suspend').expect(404);
  });

  it('stays suspended when its declaration is applied again', async () => {
    await act('suspend').expect(200);
    const text = [
      `service: ${service.slug}`,
      'label: Billing',
      'resources:',
      `  ${service.scope('read').split(':')[0]}: { label: Invoices, actions: [read, write] }`,
      'routes:',
      `  - GET /invoices ${service.scope('read')}`,
    ].join('\n');
    const applied = await operator
      .put(`/operator/v1/services/${service.slug}`)
      .set('Content-Type', 'application/yaml')
      .send(text)
      .expect(200);
    expect(applied.body.service).toMatchObject({ label: 'Billing', suspended_at: expect.any(String) });
    await forward('/invoices').expect(401, UNAUTHORIZED);
  });
});
