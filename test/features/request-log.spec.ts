import { beforeAll, describe, expect, test } from 'vitest';
import { ApiKeys } from '../../src/tenancy/api-keys/api-keys.service.js';
import { OPERATOR } from '../../src/kit/audit/actor.js';
import { entriesOf, type Entry } from '../support/request-log.js';
import { type TestOrg, TestServer } from '../support/start-app.js';

const server = TestServer.forSuite();
const all = TestServer.forSuite({ REQUEST_LOG: 'all', REQUEST_LOG_ROWS_PER_SECOND: '4' });
const refusals = TestServer.forSuite({ REQUEST_LOG: 'refusals' });
const off = TestServer.forSuite({ REQUEST_LOG: 'off' });
let org: TestOrg;
beforeAll(async () => {
  org = await server.newOrg();
});

describe('an entry', () => {
  test('of a request that a guard refused has the reason, the key, and the template of the route', async () => {
    const { id, key } = await server.newOrgKey(org, { scopes: ['tags:read'] });
    const refused = await server.as(key).get('/contacts/0198').set('User-Agent', 'check/1.0').expect(403);
    const entries = await entriesOf(server, () =>
      server.as(key).get('/contacts/0198?email=ada').set('User-Agent', 'check/1.0').expect(403),
    );
    const { rows } = await server.database.query('SELECT id FROM key_credentials WHERE key_id = $1', [id]);
    expect(entries).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
        at: expect.any(String),
        request_id: expect.any(String),
        method: 'GET',
        route: '/contacts/{id}',
        service: null,
        status: 403,
        outcome: 'denied',
        code: 'scope_missing',
        guard: 'scope',
        reason: 'scope_missing',
        message: (refused.body as { message: string }).message,
        api_key_id: id,
        credential_id: rows[0]!['id'],
        org_id: org.id,
        partner_id: org.partner.id,
        service_id: null,
        client_address: '127.0.0.1',
        country: null,
        user_agent: 'check/1.0',
        duration_ms: expect.any(Number),
        weight: 1,
      },
    ]);
    const [{ id: entryId, at }] = entries as [{ id: string; at: string }];
    expect(Number.parseInt(entryId.replace('-', '').slice(0, 12), 16)).toBe(Date.parse(at));
  });

  test('of a revoked key names the key, and the client still gets the same 401', async () => {
    const { id, key } = await server.newOrgKey(org);
    await server.as(org.partner.key).delete(`/partner/v1/orgs/${org.id}/api-keys/${id}`).expect(204);
    const [entry] = await entriesOf(server, () =>
      server.as(key).get('/whoami').expect(401, { statusCode: 401, message: 'Unauthorized', error: 'Unauthorized' }),
    );
    expect(entry).toMatchObject({
      outcome: 'denied',
      guard: 'authentication',
      reason: 'key_revoked',
      api_key_id: id,
      org_id: org.id,
    });
  });

  test('of an unknown credential names no key', async () => {
    const [entry] = await entriesOf(server, () => server.as('ocx_live_nothing').get('/whoami').expect(401));
    expect(entry).toMatchObject({ outcome: 'denied', route: '/whoami', api_key_id: null, org_id: null });
  });

  test('of a session names its org and no key', async () => {
    const session = server.signedIn(await server.newSession(org));
    const [entry] = await entriesOf(server, () => session.post('/manage/v1/api-keys').send({}).expect(400));
    expect(entry).toMatchObject({
      outcome: 'client_error',
      code: 'invalid_request',
      guard: null,
      message: null,
      api_key_id: null,
      credential_id: null,
      org_id: org.id,
    });
  });

  test('of a path without a route has none, whatever the path says', async () => {
    const entries = await entriesOf(server, () => server.http.get('/secrets/of/ada').expect(404));
    expect(entries).toMatchObject([{ route: null, status: 404, outcome: 'client_error', code: 'route_not_found' }]);
  });
});

test('no entry has a credential, whatever part of a request it is sent in', async () => {
  const { key: jwt } = await server.newOrgKey(org);
  const { token } = await server.app.get(ApiKeys).createForPartner(OPERATOR, org.partner.id);
  const session = await server.newSession(org);
  const secrets = [jwt, token, session];
  const entries = await entriesOf(server, async () => {
    for (const secret of secrets) {
      const agent = server.as(jwt).set('User-Agent', `agent/1 (${secret}) ${'x'.repeat(150)} ${secret}`);
      await agent.get(`/contacts/${secret.slice(0, 200)}?key=${secret}`);
      await agent.post('/contacts').set('X-Request-Id', secret).set('X-Api-Key', secret).send({ email: secret });
      await server
        .as(secret)
        .post(`/contacts/${secret.slice(0, 200)}`)
        .set('X-Request-Id', secret)
        .send({ a: secret });
    }
  });
  expect(entries.length).toBeGreaterThanOrEqual(6);
  const text = JSON.stringify(entries);
  for (const secret of secrets) {
    const parts = secret.includes('.') ? secret.split('.') : [secret];
    for (const part of parts) expect(text).not.toContain(part.slice(0, 30));
  }
});

describe('REQUEST_LOG', () => {
  const ask = async (on: TestServer) => {
    const client = await on.newClient(await on.newOrg());
    return entriesOf(on, async () => {
      await client.get('/tags').expect(200);
      await client.get('/tags').expect(200);
      await client
        .post('/contacts')
        .send({ contact: { email: 'ada@acme.example', name: 'Ada' } })
        .expect(201);
      await client.get('/nowhere').expect(404);
      await on.http.get('/healthz').expect(200);
      await on.http.get('/docs').expect(200);
    });
  };
  const routes = (entries: readonly Entry[]) =>
    entries.map(({ method, route }) => `${String(method)} ${String(route)}`);

  test('changes: what is not GET, failures, and the first call of a key to a route in a minute', async () => {
    const minutes = new Set<number>();
    const minute = () => minutes.add(Math.floor(Date.now() / 60_000));
    minute();
    const entries = await ask(server);
    minute();
    const reads = routes(entries).filter((route) => route === 'GET /tags');
    expect(routes(entries).filter((route) => route !== 'GET /tags')).toEqual(['POST /contacts', 'GET null']);
    expect(reads.length).toBeGreaterThanOrEqual(1);
    expect(reads.length).toBeLessThanOrEqual(minutes.size);
  });

  test('all: every request with a credential, and failures', async () => {
    const entries = await ask(all);
    expect(entries.reduce((sum, { weight }) => sum + Number(weight), 0)).toBe(4);
    expect(new Set(routes(entries))).toEqual(new Set(['GET /tags', 'POST /contacts', 'GET null']));
  });

  test('refusals: answers of 400 and above', async () => {
    expect(routes(await ask(refusals))).toEqual(['GET null']);
  });

  test('off: nothing', async () => {
    expect(await ask(off)).toEqual([]);
  });
});

test('over REQUEST_LOG_ROWS_PER_SECOND, entries count the requests that have none', async () => {
  const client = await all.newClient(await all.newOrg());
  const entries = await entriesOf(all, () => Promise.all(Array.from({ length: 50 }, () => client.get('/tags'))));
  expect(entries.reduce((sum, { weight }) => sum + Number(weight), 0)).toBe(50);
  expect(entries.length).toBeLessThan(50);
});
