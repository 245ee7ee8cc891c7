import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { Apache } from '../support/apache.js';
import { FreezableProxy } from '../support/freezable-proxy.js';
import { HttpClient } from '../support/http-client.js';
import { newService, type TestService } from '../support/services.js';
import { type TestOrg, TestServer } from '../support/start-app.js';
import { newOpaqueKey } from '../support/stored-keys.js';
import { StubServer } from '../support/stub-server.js';

const server = TestServer.forSuite();
const client = new HttpClient();
let org: TestOrg;
let billing: TestService;
let service: StubServer;
/** Between Apache and Gatehouse. */
let link: FreezableProxy;
let apache: Apache;

beforeAll(async () => {
  org = await server.newOrg();
  billing = await newService(server, { resource: 'invoices', routes: [] });
  service = await StubServer.start('127.0.0.1');
  service.answers(200, { from: 'the service' });
  link = await FreezableProxy.start(server.url);
  const gatehouseUrl = `http://${new URL(link.url).host}`;
  apache = await Apache.start({ gatehouseUrl, serviceUrl: service.url, serviceKey: billing.key });
});
beforeEach(() => void (service.seen.length = 0));
afterAll(async () => {
  client.close();
  await apache.stop();
  await service.close();
  await link.stop();
});

function call(key: string | undefined, method = 'GET', headers: Readonly<Record<string, string>> = {}) {
  const authorization = key === undefined ? undefined : { Authorization: `Bearer ${key}` };
  return client.ask(apache.url, { method, path: '/invoices/7?page=2', headers: { ...authorization, ...headers } });
}

const newKey = (settings: object) => newOpaqueKey(server, org.id, settings);

it('a request with a key and scope reaches the service, with the key and its org', async () => {
  const { id, key } = await newKey({ scopes: ['tags:read', 'invoices:read'] });
  expect((await call(key)).status).toBe(200);
  expect(service.seen).toHaveLength(1);
  expect(service.seen[0]).toMatchObject({
    path: '/invoices/7?page=2',
    headers: { oauth2_claim_client_id: id, oauth2_claim_sub: org.id, oauth2_claim_scope: 'invoices:read' },
  });
});

it('claims that a client made up do not reach the service', async () => {
  const { id, key } = await newKey({ scopes: ['invoices:read'] });
  const forged = { OAUTH2_CLAIM_client_id: 'forged', 'OAUTH2-CLAIM-sub': 'forged', oauth2_claim_admin: 'forged' };
  expect((await call(key, 'GET', forged)).status).toBe(200);
  expect(service.seen[0]!.headers).toMatchObject({ oauth2_claim_client_id: id, oauth2_claim_sub: org.id });
  expect(JSON.stringify(service.seen)).not.toContain('forged');
});

it('without the scope, or with another method, a request is 403', async () => {
  const { key: reader } = await newKey({ scopes: ['invoices:read'] });
  const { key: other } = await newKey({ scopes: ['tags:read'] });
  const { key: full } = await newKey({ scopes: null });
  const asked = [call(reader, 'POST'), call(other), call(full, 'DELETE')];
  expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([403, 403, 403]);
  expect(service.seen).toEqual([]);
  expect((await call(full, 'POST')).status).toBe(200);
});

it('without a valid key a request is 401', async () => {
  const keys = [undefined, 'none', billing.key, org.partner.key, (await newKey({ revoked_at: new Date() })).key];
  for (const key of keys) {
    const { status, headers } = await call(key);
    expect([status, headers['www-authenticate']]).toEqual([401, expect.stringContaining('Bearer')]);
  }
  expect(service.seen).toEqual([]);
});

it('a revoked key is refused at once', async () => {
  for (let round = 0; round < 10; round++) {
    const { id, key } = await server.newOrgKey(org);
    expect((await call(key)).status).toBe(200);
    await server.as(org.partner.key).delete(`/partner/v1/orgs/${org.id}/api-keys/${id}`).expect(204);
    expect((await call(key)).status).toBe(401);
  }
  expect(service.seen).toHaveLength(10);
});

it('while Gatehouse is away, nothing reaches the service', async () => {
  const { key } = await newKey({ scopes: ['invoices:read'] });
  expect((await call(key)).status).toBe(200);
  link.refuse(true);
  expect((await call(key)).status).toBe(401);
  link.refuse(false);
  expect(service.seen).toHaveLength(1);
});
