import { beforeAll, expect, it } from 'vitest';
import { freePort } from '../support/free-port.js';
import { newService, type TestService } from '../support/services.js';
import { type TestOrg, TestServer } from '../support/start-app.js';
import { newOpaqueKey } from '../support/stored-keys.js';
import { ExampleProcess } from './support/example-process.js';

const FILE = 'docs/examples/http_server.py';
const server = TestServer.forSuite();
let org: TestOrg;
let service: TestService;
beforeAll(async () => {
  org = await server.newOrg();
  const routes = [{ methods: ['GET'], path: '/invoices', needs: '{resource}:read' }];
  service = await newService(server, { routes });
});

it('the service on the standard library of Python answers a scoped call, and refuses others as Gatehouse does', async () => {
  const { key: reader } = await newOpaqueKey(server, org.id, { scopes: [service.scope('read')] });
  const { key: writer } = await newOpaqueKey(server, org.id, { scopes: [service.scope('write')] });
  const example = await ExampleProcess.start('python3', [FILE], { gatehouse: server.url, serviceKey: service.key });
  const allowed = await example.get('/invoices?page=2', reader);
  expect(allowed).toMatchObject({ status: 200, body: { org: { id: org.id }, invoices: ['2026-001'] } });
  expect(allowed.headers['ratelimit']).toMatch(/r=\d+/);

  const message = `This API key does not have the required scope: "${service.scope('read')}".`;
  const refused = await example.get('/invoices', writer);
  expect(refused).toMatchObject({ status: 403, body: { statusCode: 403, message } });
  expect(refused.headers['www-authenticate']).toContain('error="insufficient_scope"');
  expect(await example.get('/invoices', 'unknown')).toMatchObject({ status: 401 });
  expect(await example.get('/other', reader)).toMatchObject({ status: 403, body: { code: 'no_route' } });
  await example.stop();
});

it('the service on the standard library of Python refuses with 503 while Gatehouse is away', async () => {
  const gatehouse = `http://127.0.0.1:${await freePort()}`;
  const example = await ExampleProcess.start('python3', [FILE], { gatehouse, serviceKey: service.key });
  const { status, headers, body } = await example.get('/invoices', 'any');
  expect({ status, body }).toMatchObject({ status: 503, body: { code: 'verification_unavailable' } });
  expect(headers['retry-after']).toBe('1');
  await example.stop();
});
