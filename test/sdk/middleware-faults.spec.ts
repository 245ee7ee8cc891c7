import { once } from 'node:events';
import { type IncomingMessage, request, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HttpException } from '@nestjs/common';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import express from 'express';
import { Hono } from 'hono';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { gatehouse as forHono, type HonoOptions } from '../../sdk/src/middleware/hono.js';
import { GatehouseGuard, RequireScope } from '../../sdk/src/middleware/nestjs.js';
import { HttpClient } from '../support/http-client.js';
import { StubServer } from '../support/stub-server.js';
import { freePort } from '../support/free-port.js';
import { until } from '../support/until.js';
import { FRAMEWORKS, type GuardedApp, SCOPED_PATH } from './support/guarded-apps.js';

const SERVICE = { serviceKey: 'ocx_live_service', scope: 'invoices:read' };
const PRINCIPAL = {
  key: { id: 'k1', name: 'Billing ü', kind: 'bearer' },
  org: { id: 'o1', external_id: null },
  partner: { id: 'p1', name: 'Demo Partner' },
  scopes: ['invoices:read'],
  rate_limit: [{ name: 'key-min', limit: 1000, remaining: 998, reset_seconds: 41 }],
  request_id: 'r1',
};
const VALID = {
  valid: true,
  code: 'valid',
  status: 200,
  message: 'OK',
  body: null,
  headers: { RateLimit: '"key-min";r=998;t=41' },
  ...PRINCIPAL,
};
const REFUSED = {
  ...VALID,
  valid: false,
  code: 'scope_missing',
  status: 403,
  message: 'No',
  body: { statusCode: 403, message: 'No' },
  headers: { 'WWW-Authenticate': 'Bearer error="insufficient_scope"', RateLimit: '"key-min";r=997;t=41' },
};
const UNAVAILABLE = {
  statusCode: 503,
  message: 'Access cannot be verified right now. Try again shortly.',
  code: 'verification_unavailable',
};

let stub: StubServer;
let client: HttpClient;
beforeAll(async () => {
  stub = await StubServer.start('127.0.0.1');
  client = new HttpClient('customer-key');
});
afterAll(async () => {
  client.close();
  await stub.close();
});
beforeEach(() => {
  stub.seen.length = 0;
});

/** Sends a text in place of an answer. */
const sends =
  (status: number, text: string, headers: Readonly<Record<string, string>> = {}): RequestListener =>
  (_, response) =>
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(text);
const answersJson = (value: unknown) => sends(200, JSON.stringify(value));
const without = (field: keyof typeof VALID) => answersJson({ ...VALID, [field]: undefined });

const FAULTS: readonly (readonly [fault: string, answer: RequestListener])[] = [
  ['answers 401, as to a revoked service key', sends(401, '{"statusCode":401,"message":"Unauthorized"}')],
  ['answers 500 with a valid verdict', sends(500, JSON.stringify(VALID))],
  ['answers 201 with a valid verdict', sends(201, JSON.stringify(VALID))],
  ['redirects to a valid verdict', (_, response) => response.writeHead(307, { Location: '/valid' }).end()],
  ['closes the connection', (_, response) => response.destroy()],
  [
    'stops in the middle of the answer',
    (_, response) => {
      response.writeHead(200, { 'Content-Length': '1000' }).write(JSON.stringify(VALID));
      setImmediate(() => response.destroy());
    },
  ],
  ['never answers', () => undefined],
  ['never ends its answer', (_, response) => response.writeHead(200).write(JSON.stringify(VALID))],
  ['answers HTML', sends(200, '<h1>Welcome</h1>')],
  ['answers nothing', sends(200, '')],
  ['answers null', answersJson(null)],
  ['answers a list', answersJson([VALID])],
  ['answers an empty object', answersJson({})],
  ['says "true" as text', answersJson({ ...VALID, valid: 'true' })],
  ['says valid with the code of a refusal', answersJson({ ...VALID, code: 'scope_missing' })],
  ['names no key', without('key')],
  ['names a key without an id', answersJson({ ...VALID, key: { name: 'Key' } })],
  ['names no org', without('org')],
  ['names no partner', without('partner')],
  ['names no scopes', without('scopes')],
  ['names scopes that are no texts', answersJson({ ...VALID, scopes: [1] })],
  ['names no rate limit', without('rate_limit')],
  ['names no request id', without('request_id')],
  ['names no headers', without('headers')],
  ['names a header that is no text', answersJson({ ...VALID, headers: { RateLimit: 1 } })],
  ['names a header that would split the response', answersJson({ ...VALID, headers: { RateLimit: 'a\r\nb: c' } })],
  ['names a header with a control character', answersJson({ ...REFUSED, headers: { RateLimit: '\u0001' } })],
  ['names a header with a name of two words', answersJson({ ...VALID, headers: { 'Rate Limit': 'a' } })],
  ['refuses with 200', answersJson({ ...REFUSED, status: 200 })],
  ['refuses with 99', answersJson({ ...REFUSED, status: 99 })],
  ['refuses with a text as status', answersJson({ ...REFUSED, status: '403' })],
  ['refuses without a body', answersJson({ ...REFUSED, body: null })],
];

describe.each(FRAMEWORKS)('%s', (_name, start) => {
  let app: GuardedApp;
  let failures: unknown[];
  beforeAll(async () => {
    app = await start({
      url: stub.url,
      ...SERVICE,
      timeoutMs: 300,
      onFailure: (error) => {
        failures.push(error);
        throw new Error('A log that is full');
      },
    });
  });
  afterAll(() => app.close());
  beforeEach(() => {
    failures = [];
    app.reached.length = 0;
  });

  it.each(FAULTS)('refuses with 503 if Gatehouse %s', async (_fault, answer) => {
    stub.answer = (request, response) => (request.url === '/valid' ? answersJson(VALID) : answer)(request, response);
    const { status, headers, body } = await client.ask(app.url, { path: '/invoices' });
    expect({ status, body: JSON.parse(body) as unknown }).toEqual({ status: 503, body: UNAVAILABLE });
    expect(headers).toMatchObject({ 'retry-after': '1', 'content-type': 'application/json; charset=utf-8' });
    expect(app.reached).toEqual([]);
    expect(failures).toEqual([expect.any(Error)]);
  });

  it('refuses with 503 while Gatehouse is away', async () => {
    const away = await start({ url: `http://127.0.0.1:${await freePort()}`, ...SERVICE });
    const { status, body } = await client.ask(away.url, { path: '/invoices' });
    expect({ status, body: JSON.parse(body) as unknown }).toEqual({ status: 503, body: UNAVAILABLE });
    expect(away.reached).toEqual([]);
    await away.close();
  });

  it('refuses with 503 if fetch throws', async () => {
    const fetch = () => {
      throw new TypeError('No fetch');
    };
    const broken = await start({ url: stub.url, ...SERVICE, fetch });
    expect(await client.ask(broken.url, { path: '/invoices' })).toMatchObject({ status: 503 });
    expect(broken.reached).toEqual([]);
    await broken.close();
  });

  it('asks about the request as the client sent it', async () => {
    stub.answers(200, VALID);
    await client.ask(app.url, {
      method: 'POST',
      path: '/invoices/%61?page=2&x=%2F',
      headers: {
        'X-API-Key': 'key',
        'X-API-Secret': 'secret',
        Origin: 'https://a.example',
        Referer: 'https://b.example/page',
      },
    });
    expect(stub.seen).toMatchObject([{ method: 'POST', path: '/v1/verify' }]);
    expect(stub.seen[0]!.headers).toMatchObject({
      authorization: `Bearer ${SERVICE.serviceKey}`,
      'content-type': 'application/json',
    });
    expect(asked()).toEqual({
      credential: {
        headers: {
          authorization: 'Bearer customer-key',
          'x-api-key': 'key',
          'x-api-secret': 'secret',
          origin: 'https://a.example',
          referer: 'https://b.example/page',
        },
      },
      method: 'POST',
      path: '/invoices/%61?page=2&x=%2F',
      ip: '127.0.0.1',
    });
  });

  it('asks about a path that a router would normalize without normalizing it', async () => {
    stub.answers(200, REFUSED);
    const outgoing = request(app.url, { path: '/public/../invoices/%2e%2e/x//y' }).end();
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
    response.resume();
    expect(response.statusCode).toBe(403);
    expect(asked()).toMatchObject({ path: '/public/../invoices/%2e%2e/x//y' });
  });

  it('asks about the address that its proxy reports only if it trusts the proxy', async () => {
    stub.answers(200, VALID);
    const headers = { 'X-Forwarded-For': '198.51.100.7' };
    await client.ask(app.url, { path: '/invoices', headers });
    expect(asked()).toMatchObject({ ip: '127.0.0.1' });

    stub.seen.length = 0;
    const trusting = await start({ url: stub.url, ...SERVICE, behindProxy: true });
    await client.ask(trusting.url, { path: '/invoices', headers });
    expect(asked()).toMatchObject({ ip: '198.51.100.7' });
    await trusting.close();
  });

  it('asks for the scope that the app names, whatever routes are declared', async () => {
    stub.answers(200, VALID);
    await client.ask(app.url, { path: SCOPED_PATH });
    const headers = { authorization: 'Bearer customer-key' };
    expect(asked()).toEqual({ credential: { headers }, scope: SERVICE.scope, ip: '127.0.0.1' });
    expect(app.reached).toEqual([SCOPED_PATH]);
  });

  it('asks once for each request, over one connection', async () => {
    stub.answers(200, VALID);
    await client.ask(app.url, { path: '/invoices' });
    const before = stub.connections;
    for (let count = 0; count < 10; count++) await client.ask(app.url, { path: '/invoices' });
    expect(stub.seen.length).toBe(11);
    expect(stub.connections).toBe(before);
  });

  it('gives the handler the principal and the client the headers', async () => {
    stub.answers(200, VALID);
    const { status, headers, body } = await client.ask(app.url, { path: '/invoices' });
    expect({ status, body: JSON.parse(body) as unknown }).toEqual({ status: 200, body: PRINCIPAL });
    expect(headers['ratelimit']).toBe('"key-min";r=998;t=41');
  });

  it('answers a refusal as it is', async () => {
    stub.answers(200, REFUSED);
    const { status, headers, body } = await client.ask(app.url, { path: '/invoices' });
    expect({ status, body }).toEqual({ status: 403, body: JSON.stringify(REFUSED.body) });
    expect(headers).toMatchObject({
      'www-authenticate': 'Bearer error="insufficient_scope"',
      ratelimit: '"key-min";r=997;t=41',
      'content-type': 'application/json; charset=utf-8',
    });
    expect(app.reached).toEqual([]);
    expect(failures).toEqual([]);
  });

  it('answers a refused HEAD without a body', async () => {
    stub.answers(200, REFUSED);
    expect(await client.ask(app.url, { method: 'HEAD', path: '/invoices' })).toMatchObject({ status: 403, body: '' });
  });

  it('stops asking when the client is gone', async () => {
    const patient = await start({ url: stub.url, ...SERVICE, timeoutMs: 1_000_000 });
    const outgoing = request(patient.url, { path: '/invoices' }).end();
    outgoing.on('error', () => undefined);
    let isAborted = false;
    stub.answer = (_request, response) => {
      response.once('close', () => (isAborted = true));
      outgoing.destroy();
    };
    await until('the question is aborted', () => isAborted);
    // The app has finished its requests once it is closed.
    await patient.close();
    expect(patient.reached).toEqual([]);
  });

  it('does not start without a service key or with a malformed URL', async () => {
    await expect((async () => start({ ...SERVICE, url: stub.url, serviceKey: '' }))()).rejects.toThrow(
      'serviceKey is required',
    );
    await expect((async () => start({ url: 'gatehouse', ...SERVICE }))()).rejects.toThrow(TypeError);
  });
});

it('Hono asks without an address outside Node, unless the app names one', async () => {
  stub.answers(200, REFUSED);
  const ask = async (options: Partial<HonoOptions>) => {
    stub.seen.length = 0;
    const app = new Hono().use(forHono({ ...SERVICE, url: stub.url, ...options }).guard);
    const { status } = await app.fetch(new Request('https://billing.example/invoices?page=2'));
    expect(status).toBe(403);
    return asked();
  };
  const rest = { credential: { headers: {} }, method: 'GET', path: '/invoices?page=2' };
  expect(await ask({})).toEqual(rest);
  expect(await ask({ clientIp: () => '198.51.100.7' })).toEqual({ ...rest, ip: '198.51.100.7' });
});

/** NestJS runs on Express by default; its adapter would add Express to what this repository installs for production. */
it('the guard of NestJS reads requests of Express, and sets headers on its responses', async () => {
  const guard = new GatehouseGuard({ ...SERVICE, url: stub.url });
  class Invoices {
    @RequireScope(SERVICE.scope)
    list(): void {}
  }
  const app = express().use((incoming, outgoing) => {
    const context = new ExecutionContextHost([incoming, outgoing], Invoices, Invoices.prototype.list);
    guard.canActivate(context).then(
      () => outgoing.json(incoming.gatehouse),
      (error: HttpException) => outgoing.status(error.getStatus()).json(error.getResponse()),
    );
  });
  const listening = app.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const url = `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;

  stub.answers(200, VALID);
  const allowed = await client.ask(url, { path: '/invoices' });
  expect(JSON.parse(allowed.body)).toEqual(PRINCIPAL);
  expect(allowed.headers['ratelimit']).toBe(VALID.headers.RateLimit);
  expect(asked()).toMatchObject({ scope: SERVICE.scope, ip: '127.0.0.1' });

  stub.answers(200, REFUSED);
  const refused = await client.ask(url, { path: '/invoices' });
  expect({ status: refused.status, body: refused.body }).toEqual({ status: 403, body: JSON.stringify(REFUSED.body) });
  expect(refused.headers['www-authenticate']).toBe(REFUSED.headers['WWW-Authenticate']);
  listening.closeAllConnections();
  listening.close();
});

it('the guard of NestJS refuses what is not HTTP', async () => {
  const guard = new GatehouseGuard({ ...SERVICE, url: stub.url });
  const context = new ExecutionContextHost([], class {}, () => undefined);
  context.setType('rpc');
  await expect(guard.canActivate(context)).rejects.toThrow('for HTTP handlers only');
});

/** The only question so far. */
function asked(): unknown {
  expect(stub.seen.length).toBe(1);
  return JSON.parse(stub.seen[0]!.body);
}
