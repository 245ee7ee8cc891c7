import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Decisions } from '../../src/access/decision/decisions.js';
import { FreezableProxy } from '../support/freezable-proxy.js';
import { type Answer, HttpClient } from '../support/http-client.js';
import { openServices } from '../support/open-services.js';
import { newService, type TestService } from '../support/services.js';
import { type TestOrg, TestServer } from '../support/start-app.js';
import { newOpaqueKey } from '../support/stored-keys.js';
import { until } from '../support/until.js';
import { type SecondServer, startSecondServer } from './support/second-server.js';

const ENCRYPTION_KEY = randomBytes(32).toString('base64');
const BODY = {
  statusCode: 503,
  message: 'The database is not available. Try again shortly.',
  code: 'database_unavailable',
};
const IDENTITY = /^x-gatehouse-(?!status|body)/;

const server = TestServer.forSuite({ ENCRYPTION_KEY });
const client = new HttpClient();
let org: TestOrg;
let service: TestService;
let coldService: TestService;
let proxy: FreezableProxy;
/** Its lease is renewed, but its other connections are gone. */
let second: SecondServer;

/** Warm by every door, warm but never shown to the proxy's door, and unknown to the server so far. */
let keys: Readonly<Record<'warm' | 'unsigned' | 'cold', string>>;

beforeAll(async () => {
  org = await server.newOrg();
  const routes = [
    { methods: ['GET'], path: '/me', needs: 'any-key' },
    { methods: ['GET'], path: '/status', needs: 'public', reason: 'health page' },
  ];
  service = await newService(server, { routes });
  coldService = await newService(server, { routes });
  const newKey = async () => (await newOpaqueKey(server, org.id)).key;
  keys = { warm: await newKey(), unsigned: await newKey(), cold: await newKey() };
  proxy = await FreezableProxy.start(server.databaseUrl);
  const urls = { DATABASE_URL: proxy.url, DATABASE_DIRECT_URL: server.databaseUrl };
  second = await startSecondServer({ ...urls, ENCRYPTION_KEY });
  for (const key of [keys.warm, keys.unsigned]) expect((await verify(key)).status).toBe(200);
  expect((await introspect(keys.warm)).status).toBe(200);
  expect((await forwardAuth('', service, '/status')).status).toBe(200);
});
afterAll(async () => {
  client.close();
  await second.close();
  await proxy.stop();
});

function forwardAuth(key: string, { slug } = service, uri = '/me', query = ''): Promise<Answer> {
  return client.ask(second.url, {
    path: `/v1/forward-auth/${slug}${query}`,
    headers: {
      'X-Original-Method': 'GET',
      'X-Original-URI': uri,
      'X-Forwarded-For': '198.51.100.7',
      Authorization: `Bearer ${key}`,
    },
  });
}

function verify(bearer: string, path = '/v1/verify'): Promise<Answer> {
  const question = { credential: { bearer }, ip: '198.51.100.7' };
  return client.ask(second.url, {
    method: 'POST',
    path,
    headers: { Authorization: `Bearer ${service.key}` },
    body: path.endsWith('batch') ? { items: [{ ...question, credential: { bearer: keys.warm } }, question] } : question,
  });
}

function introspect(token: string): Promise<Answer> {
  return client.ask(second.url, {
    method: 'POST',
    path: '/oauth2/introspect',
    headers: { Authorization: `Bearer ${service.key}`, 'Content-Type': 'application/x-www-form-urlencoded' },
    body: `token=${token}`,
  });
}

function expectUnavailable({ status, headers, body }: Answer): void {
  expect([status, headers['retry-after'], JSON.parse(body)]).toEqual([503, '1', BODY]);
  expect(Object.keys(headers).filter((name) => IDENTITY.test(name))).toEqual([]);
}

it('while the database is away, every door answers what it knows, and 503 to anything else', async () => {
  proxy.refuse(true);
  // Its signing key isn't in memory yet, and no upstream may get a request without the assertion.
  expectUnavailable(await forwardAuth(keys.unsigned));
  expectUnavailable(await forwardAuth(keys.cold));
  expectUnavailable(await forwardAuth(keys.warm, coldService));
  expectUnavailable(await forwardAuth(keys.warm, coldService, '/status'));
  expectUnavailable(await verify(keys.cold));
  expectUnavailable(await verify(keys.cold, '/v1/verify:batch'));
  expectUnavailable(await introspect(keys.cold));

  expect(JSON.parse((await verify(keys.warm)).body)).toMatchObject({ valid: true });
  expect(JSON.parse((await introspect(keys.warm)).body)).toMatchObject({ active: true });
  expect((await forwardAuth('', service, '/status')).status).toBe(200);
  expect((await forwardAuth('')).status).toBe(401);

  const { status, headers, body } = await forwardAuth(keys.cold, service, '/me', '?statuses=401,403');
  expect([status, headers['x-gatehouse-status'], headers['retry-after']]).toEqual([403, '503', '1']);
  expect([JSON.parse(headers['x-gatehouse-body'] as string), JSON.parse(body)]).toEqual([BODY, BODY]);
  expect(Object.keys(headers).filter((name) => IDENTITY.test(name))).toEqual([]);

  proxy.refuse(false);
  await until('the database is back', async () => (await forwardAuth(keys.cold)).status === 200);
  expect((await forwardAuth(keys.warm, coldService)).status).toBe(200);
});

it('a credential that strict freshness forbids to read is no refusal, which introspection would call inactive', async () => {
  // Without a lease.
  const services = await openServices(server.databaseUrl, ENCRYPTION_KEY, { FRESHNESS: 'strict' });
  const headers = { authorization: `Bearer ${keys.cold}` };
  const asked = { method: 'GET', headers, client: { address: undefined, network: 'test' } };
  const decide = async () => services.get(Decisions).decide(asked, { audience: 'any-key', scopes: [] });
  await expect(decide()).rejects.toMatchObject({ code: 'database_unavailable' });
  await services.close();
});
