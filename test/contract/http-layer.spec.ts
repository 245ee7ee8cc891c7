import { once } from 'node:events';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formOf } from '../../src/core/wire/form.js';
import { bodyDtoOf } from '../../src/core/wire/request-parts.js';
import type { TestServer } from '../support/start-app.js';
import { until } from '../support/until.js';
import { inParallel } from './support/in-parallel.js';
import { exchange, type RawAnswer, sendRaw } from './support/raw-http.js';
import { concretePath, type ServedRoute, startServer } from './support/served-routes.js';

/** UUIDs, random hex digits and times, which differ in each answer. */
const MADE_UP = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{16,}|\d{4}-\d\d-\d\dT[\d:.]+Z/g;

let server: TestServer;
let routes: ServedRoute[];
let authorization: readonly [string, string];

beforeAll(async () => {
  ({ server, routes } = await startServer());
  authorization = await newAuthorization();
});
afterAll(() => server.close());

/** The header of a key with full access to a new org. */
async function newAuthorization(): Promise<readonly [string, string]> {
  return ['Authorization', `Bearer ${(await server.newOrgKey(await server.newOrg())).key}`];
}

const brief = ({ status, body }: RawAnswer) => `${status} ${body}`;

const HOST = 'Host: gatehouse.test\r\nConnection: close\r\n';

describe('a request that the HTTP parser refuses', () => {
  const NO_HTTP = '{"statusCode":400,"message":"The request is not valid HTTP.","code":"malformed_request"}';
  const TOO_LARGE = '{"statusCode":431,"message":"The request headers are too large.","code":"headers_too_large"}';

  it.each<[string, string, number, string]>([
    ['noise', '\x16\x03\x01\x02\x00\r\n\r\n', 400, NO_HTTP],
    ['an unknown method', `BREW /tags HTTP/1.1\r\n${HOST}\r\n`, 400, NO_HTTP],
    ['another version', `GET /tags HTTP/3.0\r\n${HOST}\r\n`, 400, NO_HTTP],
    ['a header without a name', `GET /tags HTTP/1.1\r\n${HOST}: x\r\n\r\n`, 400, NO_HTTP],
    ['a folded header', `GET /tags HTTP/1.1\r\n${HOST}X: a\r\n b\r\n\r\n`, 400, NO_HTTP],
    ['a NUL in a header', `GET /tags HTTP/1.1\r\n${HOST}X: a\0b\r\n\r\n`, 400, NO_HTTP],
    ['a negative length', `PUT /tags HTTP/1.1\r\n${HOST}Content-Length: -1\r\n\r\n`, 400, NO_HTTP],
    ['no Host', 'GET /nowhere HTTP/1.1\r\nConnection: close\r\n\r\n', 400, NO_HTTP],
    ['two of Host', `GET /nowhere HTTP/1.1\r\n${HOST}Host: other.test\r\n\r\n`, 400, NO_HTTP],
    [
      'an escape that is none',
      `GET /healthz/% HTTP/1.1\r\n${HOST}\r\n`,
      400,
      '{"statusCode":400,"message":"The URL is not valid.","code":"malformed_url"}',
    ],
    ['a URL of 20 KiB', `GET /${'x'.repeat(20_480)} HTTP/1.1\r\n${HOST}\r\n`, 431, TOO_LARGE],
    ['a header of 64 KiB', `GET /healthz HTTP/1.1\r\n${HOST}X: ${'x'.repeat(65_536)}\r\n\r\n`, 431, TOO_LARGE],
  ])('gets the standard error body with a request id: %s', async (_what, bytes, status, body) => {
    const answer = await exchange(server.url, Buffer.from(bytes, 'latin1'));
    expect({ status: answer.status, body: answer.body }).toEqual({ status, body });
    expect(answer.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'content-length': String(body.length),
      'x-content-type-options': 'nosniff',
      'x-request-id': expect.stringMatching(/^[\w-]{1,64}$/) as string,
    });
  });

  it('gets one answer, even if later bytes are also invalid', async () => {
    const answerTo = async (path: string, credential = '') => {
      const head = `PUT ${path} HTTP/1.1\r\n${HOST}${credential}Transfer-Encoding: chunked\r\n\r\n`;
      return brief(await exchange(server.url, `${head}no length\r\n`));
    };
    expect(await answerTo('/nowhere')).toBe(
      '404 {"statusCode":404,"message":"Route not found","error":"Not Found","code":"route_not_found"}',
    );
    // Credentials are checked before the body is parsed.
    expect(await answerTo('/tags')).toMatch(/^401 /);
    expect(await answerTo('/tags', `${authorization.join(': ')}\r\n`)).toBe(`400 ${NO_HTTP}`);
  });

  it('is disconnected if the client does not close the connection', async () => {
    const open = () =>
      new Promise<number>((resolve) =>
        (server.app.getHttpServer() as Server).getConnections((_error, count) => resolve(count)),
      );
    await until('the connections of other tests are closed', async () => (await open()) === 0);
    const { hostname, port } = new URL(server.url);
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    socket.resume().write('noise\r\n\r\n');
    await once(socket, 'end');
    await until('the server has closed its side', async () => (await open()) === 0);
    socket.destroy();
  });

  it('may omit Host in HTTP/1.0', async () => {
    expect(await exchange(server.url, 'GET /healthz HTTP/1.0\r\n\r\n')).toMatchObject({
      status: 200,
      body: '{"status":"ok"}',
    });
  });

  it('is not refused for an unknown Expect header', async () => {
    const answer = await sendRaw(server.url, {
      method: 'GET',
      target: '/healthz',
      headers: [['Expect', 'the-unexpected']],
    });
    expect(answer).toMatchObject({ status: 200, body: '{"status":"ok"}' });
  });
});

describe('X-Request-Id', () => {
  const idFor = async (...lines: (readonly [string, string])[]) => {
    const answers = await inParallel(['/healthz', '/nowhere', '/tags'], (target) =>
      sendRaw(server.url, { method: 'GET', target, headers: lines }),
    );
    return answers.map(({ headers }) => headers['x-request-id']);
  };

  it.each(['a', 'A-b_9', 'x'.repeat(64)])('is taken from the client if it is a plain token: %s', async (id) => {
    expect(await idFor(['X-Request-Id', id])).toEqual([id, id, id]);
  });

  it.each(['', 'x'.repeat(65), 'a b', 'a.b', 'a,b', '"a"', 'é', '${x}'])('is generated otherwise: %j', async (id) => {
    const ids = await idFor(['X-Request-Id', id]);
    expect(ids.filter((own) => own === undefined || own === id || !/^[\w-]{1,64}$/.test(own))).toEqual([]);
    expect(new Set(ids).size).toBe(3);
  });

  it('is generated if the client sends two', async () => {
    expect(await idFor(['X-Request-Id', 'a'], ['X-Request-Id', 'a'])).not.toContain('a');
  });
});

describe('equivalent requests', () => {
  const get = (target: string, method = 'GET') => sendRaw(server.url, { method, target, headers: [authorization] });
  it('HEAD answers like GET without the body, with the same length', async () => {
    for (const target of ['/tags', '/whoami', '/contacts/1', '/nowhere', '/partner/v1/orgs', '/healthz']) {
      const [whole, head] = [await get(target), await get(target, 'HEAD')];
      expect([target, head.status, head.body, head.headers['content-type']]).toEqual([
        target,
        whole.status,
        '',
        whole.headers['content-type'],
      ]);
      expect([target, head.headers['content-length']]).toEqual([target, whole.headers['content-length']]);
    }
  });

  it('a trailing slash, needless escapes and an absolute URL reach the same route', async () => {
    const plain = brief(await get('/tags'));
    for (const target of ['/tags/', '/%74ags', 'http://gatehouse.test/tags'])
      expect(brief(await get(target))).toBe(plain);
  });

  it('another case, a doubled slash, dots and a matrix parameter reach no route', async () => {
    for (const target of [
      '/Tags',
      '//tags',
      '/tags//',
      '/./tags',
      '/x/../tags',
      '/tags;a=b',
      '/tags%2f',
      '*',
      '*tags',
    ]) {
      expect([target, (await get(target)).status]).toEqual([target, 404]);
    }
  });

  it('an absent body, an empty body and {} are the same on every route', async () => {
    const json = ['Content-Type', 'application/json'] as const;
    const ways: { headers: (readonly [string, string])[]; body?: string }[] = [
      { headers: [json], body: '{}' },
      { headers: [] },
      { headers: [json] },
      { headers: [['Content-Length', '0']] },
      { headers: [json, ['Transfer-Encoding', 'chunked']], body: '0\r\n\r\n' },
      { headers: [['Transfer-Encoding', 'chunked']], body: '0\r\n\r\n' },
      {
        headers: [
          ['Content-Type', 'text/plain'],
          ['Content-Encoding', 'gzip'],
          ['Content-Length', '0'],
        ],
      },
      {
        headers: [
          ['Content-Type', 'text/plain'],
          ['Content-Encoding', 'gzip'],
          ['Transfer-Encoding', 'chunked'],
        ],
        body: '0\r\n\r\n',
      },
      {
        headers: [
          ['Content-Type', 'multipart/form-data; boundary=x'],
          ['Transfer-Encoding', 'chunked'],
        ],
        body: '0\r\n\r\n',
      },
    ];
    // A new org for each variant, because an org may have only one of some resources.
    const credentials = await Promise.all(ways.map(() => newAuthorization()));
    const taking = routes.filter((route) => bodyDtoOf(route) !== undefined || formOf(route.handler) !== undefined);
    const lines = await inParallel([...taking.entries()], async ([turn, route]) => {
      // All routes share the code that detects an absent body, so each route gets two of the variants.
      const others = [0, 1].map((next) => 2 + ((2 * turn + next) % (ways.length - 2)));
      const [object, ...absent] = await Promise.all(
        [0, 1, ...others].map(async (way) => {
          const { headers, body = '' } = ways[way]!;
          const target = concretePath(route.path);
          const request = { method: route.method, target, headers: [credentials[way]!, ...headers], body };
          // Ids, secrets and times of created rows differ.
          return brief(await sendRaw(server.url, request)).replaceAll(MADE_UP, 'made up');
        }),
      );
      return absent.filter((other) => other !== object).map((other) => `${route.name}: ${other}, not ${object}`);
    });
    expect(lines.flat()).toEqual([]);
  });
});

it('without https no answer has Strict-Transport-Security', async () => {
  const { headers } = await server.http.get('/healthz').expect(200);
  expect(headers['strict-transport-security']).toBe(undefined);
});

describe('the address without a path', () => {
  const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

  it('redirects browsers to the dashboard', async () => {
    const answer = await server.http.get('/').set('Accept', BROWSER).redirects(0);
    expect([answer.status, answer.headers['location'], answer.headers['vary']]).toEqual([
      303,
      expect.stringMatching(/^http.*\/dashboard\/$/),
      'Accept',
    ]);
  });

  it.each(['*/*', 'application/json', 'text/html;q=0, */*', ''])(
    'describes the endpoints to clients that accept %j',
    async (accept) => {
      const answer = await server.http.get('/').set('Accept', accept).redirects(0);
      expect([answer.status, answer.body]).toEqual([
        200,
        {
          name: 'Gatehouse',
          dashboard: expect.stringMatching(/\/dashboard\/$/),
          openapi: expect.stringMatching(/\/openapi\.json$/),
          reference: expect.stringMatching(/\/docs$/),
        },
      ]);
    },
  );
});
