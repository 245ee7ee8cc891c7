import { randomBytes } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import supertest from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadConfig } from '../../src/core/config/config.js';
import { createApp } from '../../src/configure-app.js';
import { FreezableProxy } from '../support/freezable-proxy.js';
import { PUBLIC_URL, TestServer, type TestOrg } from '../support/start-app.js';
import { newOpaqueKey } from '../support/stored-keys.js';
import { expectAnswer } from './support/expect-answer.js';
import { FAST_LANE } from '../support/fast-lane.js';

const ENCRYPTION_KEY = randomBytes(32).toString('base64');

let server: TestServer;
let org: TestOrg;
let proxy: FreezableProxy;
/** A server on the same database, behind a proxy that can refuse connections. */
let behindProxy: NestFastifyApplication;

beforeAll(async () => {
  server = await TestServer.start({ ENCRYPTION_KEY });
  org = await server.newOrg();
  proxy = await FreezableProxy.start(server.database.url);
  const settings = { PUBLIC_URL, ENCRYPTION_KEY, LOG_LEVEL: 'silent', DATABASE_URL: proxy.url, ...FAST_LANE };
  behindProxy = await createApp(loadConfig(settings));
  await behindProxy.listen(0, '127.0.0.1');
});
afterAll(async () => {
  proxy.refuse(false);
  await behindProxy.close();
  await proxy.stop();
  await server.close();
});

it('a 500 reveals no cause, and has the request id of the log line', async () => {
  const { key } = await newOpaqueKey(server, org.id);
  await server.owner.query('ALTER TABLE contacts RENAME TO lost');
  await server.owner.query('ALTER TABLE roles RENAME TO lost_too');
  const send = { contact: { email: 'a@b.example' } };
  const answers = [
    await server.as(key).get('/contacts').set('X-Request-Id', 'broken_1'),
    await server.as(key).post('/contacts').send(send).set('X-Request-Id', 'broken_1'),
    await server.as(org.partner.key).get(`/partner/v1/orgs/${org.id}/roles`).set('X-Request-Id', 'broken_1'),
  ];
  await server.owner.query('ALTER TABLE lost RENAME TO contacts');
  await server.owner.query('ALTER TABLE lost_too RENAME TO roles');
  for (const answer of answers) {
    const body = '{"statusCode":500,"message":"Internal server error","request_id":"broken_1","code":"internal"}';
    expectAnswer(answer, 500, body, { 'x-request-id': 'broken_1' });
  }
});

it('without a database, known and unknown keys get a 503 with Retry-After for reads and writes', async () => {
  const BODY =
    '{"statusCode":503,"message":"The database is not available. Try again shortly.","code":"database_unavailable"}';
  const http = supertest(await behindProxy.getUrl());
  const [warm, cold] = [await newOpaqueKey(server, org.id), await newOpaqueKey(server, org.id)];
  const bearer = ({ key }: { key: string }) => ({ Authorization: `Bearer ${key}` });
  await http.get('/contacts').set(bearer(warm)).expect(200);
  proxy.refuse(true);
  const answers = await Promise.all([
    http.get('/contacts').set(bearer(warm)),
    http.get('/contacts').set(bearer(cold)),
    http.put('/tags').set(bearer(warm)).send({ tag_name: 'a' }),
    http.get('/session').set('Cookie', `gatehouse_session=${'0'.repeat(64)}`),
    http.post('/session/login-link').send({ token: '0'.repeat(64) }),
    // This route answers with a page on success, but with JSON on errors.
    http.get('/partner-login').query({ token: '0'.repeat(64) }),
  ]);
  for (const answer of answers) expectAnswer(answer, 503, BODY, { 'retry-after': '1' });
  const ready = await http.get('/readyz').expect(503);
  expect(ready.headers['retry-after']).toBe('1');
  // Routes without a database still work, and so do refusals without a query.
  await http.get('/healthz').expect(200);
  await http.get('/contacts').expect(401);
  await http.get('/nowhere').expect(404);
});
