import { beforeAll, describe, expect, it } from 'vitest';
import { newService, type TestService } from '../support/services.js';
import { type TestOrg, TestServer } from '../support/start-app.js';
import { newOpaqueKey } from '../support/stored-keys.js';
import { entriesOf } from '../support/request-log.js';

const ELSEWHERE = '198.51.100.7';

const server = TestServer.forSuite();
let org: TestOrg;
let service: TestService;
beforeAll(async () => {
  org = await server.newOrg();
  service = await newService(server, {
    routes: [
      { methods: ['GET'], path: '/invoices/{id}', needs: '{resource}:read' },
      { methods: ['POST'], path: '/invoices/**', needs: '{resource}:write' },
      { methods: ['GET', 'POST'], path: '/status', needs: 'public', reason: 'health page' },
    ],
  });
});

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly key: string;
}

type Door = (asked: Asked) => Promise<unknown>;

const forwardAuth: Door = ({ method, path, key }) =>
  server.http.get(`/v1/forward-auth/${service.slug}`).set({
    Authorization: `Bearer ${key}`,
    'X-Original-Method': method,
    'X-Original-URI': path,
    'X-Forwarded-For': ELSEWHERE,
  });

const nginx: Door = ({ method, path, key }) =>
  server.http.head(`/v1/forward-auth/${service.slug}?statuses=401,403`).set({
    Authorization: `Bearer ${key}`,
    'X-Original-Method': method,
    'X-Original-URI': path,
    'X-Forwarded-For': ELSEWHERE,
  });

const verify: Door = ({ method, path, key }) =>
  server
    .as(service.key)
    .post('/v1/verify')
    .send({ credential: { bearer: key }, method, path, ip: ELSEWHERE })
    .expect(200);

const DOORS = { forwardAuth, nginx, verify };

describe.each(Object.entries(DOORS))('%s', (_name, ask) => {
  it('records the request that was asked about, with its method, template and service', async () => {
    const { id, key } = await newOpaqueKey(server, org.id, { scopes: [service.scope('read')] });
    const entries = await entriesOf(server, async () => {
      await ask({ method: 'GET', path: '/invoices/2041?customer=ada', key });
      await ask({ method: 'POST', path: '/invoices/2041', key });
    });
    const common = { service: service.slug, api_key_id: id, org_id: org.id, client_address: ELSEWHERE, weight: 1 };
    expect(entries).toMatchObject([
      { ...common, method: 'GET', route: '/invoices/{id}', status: 200, outcome: 'allowed', reason: null },
      {
        ...common,
        method: 'POST',
        route: '/invoices/**',
        status: 403,
        outcome: 'denied',
        code: 'scope_missing',
        guard: 'scope',
        reason: 'scope_missing',
      },
    ]);
  });

  it('records an unknown credential, and a request that no route matches, without its path', async () => {
    const { key } = await newOpaqueKey(server, org.id);
    const entries = await entriesOf(server, async () => {
      await ask({ method: 'GET', path: '/invoices/2041', key: 'unknown' });
      await ask({ method: 'GET', path: '/secrets/of/ada', key });
    });
    expect(entries).toMatchObject([
      { service: service.slug, route: '/invoices/{id}', status: 401, outcome: 'denied', api_key_id: null },
      { service: service.slug, route: null, status: 403, outcome: 'denied', reason: 'no_route', api_key_id: null },
    ]);
    expect(JSON.stringify(entries)).not.toContain('ada');
  });

  it('records what is public if it is not GET', async () => {
    const entries = await entriesOf(server, async () => {
      await ask({ method: 'GET', path: '/status', key: 'unknown' });
      await ask({ method: 'POST', path: '/status', key: 'unknown' });
    });
    expect(entries).toMatchObject([{ method: 'POST', route: '/status', status: 200, api_key_id: null }]);
  });
});

describe('introspection', () => {
  const introspect = (token: string) =>
    server.as(service.key).post('/oauth2/introspect').type('form').send(`token=${token}&ip=${ELSEWHERE}`).expect(200);

  it('records the token that was asked about', async () => {
    const { id, key } = await newOpaqueKey(server, org.id);
    const entries = await entriesOf(server, async () => {
      await introspect(key);
      await introspect('unknown');
    });
    expect(entries).toMatchObject([
      { service: service.slug, route: null, status: 200, outcome: 'allowed', api_key_id: id },
      { service: service.slug, route: null, status: 401, outcome: 'denied', api_key_id: null },
    ]);
  });
});

it('a question that a door refuses itself is recorded as a request to this server', async () => {
  const { key } = await newOpaqueKey(server, org.id);
  const entries = await entriesOf(server, async () => {
    await server.as(key).post('/v1/verify').send({}).expect(401);
    await server.as(service.key).post('/v1/verify').send({}).expect(400);
    await server.http.get(`/v1/forward-auth/${service.slug}`).expect(403);
  });
  expect(entries).toMatchObject([
    { service: null, route: '/v1/verify', status: 401, reason: 'audience_mismatch' },
    { service: null, route: '/v1/verify', status: 400, code: 'invalid_request', service_id: service.id },
    { service: service.slug, route: null, status: 403, code: 'proxy_misconfigured', outcome: 'client_error' },
  ]);
});
