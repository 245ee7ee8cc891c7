import { beforeAll, describe, expect, it } from 'vitest';
import { newService, type TestService } from '../support/services.js';
import { type TestOrg, TestServer } from '../support/start-app.js';
import { newKeyPair, newOpaqueKey } from '../support/stored-keys.js';

const server = TestServer.forSuite();
let org: TestOrg;
let service: TestService;

beforeAll(async () => {
  org = await server.newOrg();
  service = await newService(server, {
    routes: [
      { methods: ['GET'], path: '/invoices', needs: '{resource}:read' },
      { methods: ['POST', 'PATCH'], path: '/invoices/**', needs: '{resource}:write' },
      { methods: ['GET'], path: '/me', needs: 'any-key' },
      { methods: ['GET'], path: '/status', needs: 'public', reason: 'health page' },
    ],
  });
});

interface Asked {
  readonly method?: string;
  readonly uri?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: string;
}

/** Asks as nginx does. */
function ask({ method = 'GET', uri = '/invoices', headers = {}, query = '' }: Asked) {
  return server.http
    .get(`/v1/forward-auth/${service.slug}${query}`)
    .set({ 'X-Original-Method': method, 'X-Original-URI': uri, 'X-Forwarded-For': '198.51.100.7', ...headers });
}

const bearer = (key: string) => ({ Authorization: `Bearer ${key}` });

describe('a request that may pass', () => {
  it('is answered 200 without a body, with the identity of its key', async () => {
    const { id, key } = await newOpaqueKey(server, org.id, { name: 'Büro 1', scopes: [service.scope('read')] });
    const answer = await ask({ headers: bearer(key) });
    expect(answer.status).toBe(200);
    expect(answer.text).toBe('');
    expect(answer.headers).toMatchObject({
      'content-length': '0',
      'cache-control': 'no-store',
      'x-gatehouse-org': org.id,
      'x-gatehouse-org-external-id': '',
      'x-gatehouse-partner': org.partner.id,
      'x-gatehouse-key-id': id,
      'x-gatehouse-key-name': 'B%C3%BCro%201',
      'x-gatehouse-kind': 'bearer',
      'x-gatehouse-scopes': service.scope('read'),
      'x-gatehouse-request-id': answer.headers['x-request-id'],
      'x-gatehouse-assertion': expect.stringMatching(/^eyJ/),
      ratelimit: expect.stringContaining('"key-min"'),
    });
  });

  it('of a public route needs no credential, and has every identity header, empty', async () => {
    const answer = await ask({ uri: '/status' });
    expect(answer.status).toBe(200);
    const identity = Object.entries(answer.headers).filter(([name]) => /^x-gatehouse-(?!request-id)/.test(name));
    expect(identity).toHaveLength(8);
    expect(identity.every(([, value]) => value === '')).toBe(true);
  });

  it('can have a key and a secret', async () => {
    const { key, secret } = await newKeyPair(server, org.id, { scopes: [service.scope('read')] });
    const answer = await ask({ headers: { 'X-API-Key': key, 'X-API-Secret': secret } });
    expect([answer.status, answer.headers['x-gatehouse-kind']]).toEqual([200, 'key_secret']);
  });
});

describe('a request that may not pass', () => {
  it('without a credential is 401', async () => {
    const answer = await ask({});
    expect([answer.status, answer.body]).toEqual([
      401,
      { statusCode: 401, message: 'Unauthorized', error: 'Unauthorized' },
    ]);
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="gatehouse"');
  });

  it('without the scope is 403, and the message names it', async () => {
    const { key } = await newOpaqueKey(server, org.id, { scopes: [service.scope('read')] });
    const answer = await ask({ method: 'POST', headers: bearer(key) });
    const message = `This API key does not have the required scope: "${service.scope('write')}".`;
    expect([answer.status, answer.body]).toEqual([403, { statusCode: 403, message }]);
  });

  it('that no route matches is 403 before its credential is read', async () => {
    const answer = await ask({ uri: '/other?x=1' });
    expect([answer.status, answer.body.message]).toEqual([
      403,
      `No route of service "${service.slug}" matches GET /other.`,
    ]);
  });

  it('with a path that can be read in two ways is 403', async () => {
    const answers = await Promise.all(
      ['/a/../invoices', '//invoices', '/%2e/invoices', '/invoices;v=1'].map((uri) => ask({ uri })),
    );
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual(
      Array.from({ length: 4 }, () => [403, 'ambiguous_path_at_proxy']),
    );
  });
});

it('nginx gets 403 for what it does not pass on, with the true status and body in headers', async () => {
  const { key } = await newOpaqueKey(server, org.id, { scopes: [service.scope('read')], rate_per_minute: 1 });
  await ask({ headers: bearer(key) });
  const answer = await ask({ headers: bearer(key), query: '?statuses=401,403' });
  expect([answer.status, answer.headers['x-gatehouse-status']]).toEqual([403, '429']);
  expect(JSON.parse(answer.headers['x-gatehouse-body'] as string)).toEqual(answer.body);
  expect(answer.headers['retry-after']).toMatch(/^\d+$/);
});
