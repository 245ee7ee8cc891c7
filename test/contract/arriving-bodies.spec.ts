import type { Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BodyBudget, CALLER_BYTES_MAX } from '../../src/core/http/body-budget.js';
import { LINGERING_MAX } from '../../src/core/http/lingering-close.js';
import type { TestOrg, TestServer } from '../support/start-app.js';
import { until } from '../support/until.js';
import { inParallel } from './support/in-parallel.js';
import { type RawAnswer, RawConnection } from './support/raw-http.js';
import { concretePath, type ServedRoute, startServer } from './support/served-routes.js';

const MEBIBYTE = 1024 * 1024;
/** The first half of a valid body of 1 MiB. */
const HALF = `[${'0,'.repeat(MEBIBYTE / 4)}`;

let server: TestServer;
let routes: ServedRoute[];
let org: TestOrg;
let key: string;
let budget: BodyBudget;

beforeAll(async () => {
  ({ server, routes } = await startServer());
  org = await server.newOrg();
  ({ key } = await server.newOrgKey(org));
  budget = server.app.get(BodyBudget);
});
afterAll(() => server.close());

const bearer = (token: string) => `Authorization: Bearer ${token}`;

function headOf(method: string, target: string, ...lines: string[]): string {
  const own = ['Host: gatehouse.test', 'Content-Type: application/json', ...lines];
  if (!lines.some((line) => /^(content-length|transfer-encoding):/i.test(line))) {
    own.push(`Content-Length: ${MEBIBYTE}`);
  }
  return `${method} ${target} HTTP/1.1\r\n${own.join('\r\n')}\r\n\r\n`;
}

/** Sends half of a body of 1 MiB, then stops. */
async function answerToHalf(method: string, target: string, ...lines: string[]): Promise<RawAnswer> {
  using connection = await RawConnection.open(server.url);
  connection.write(headOf(method, target, ...lines) + HALF);
  const answer = await connection.answer();
  await connection.ended();
  return answer;
}

const connections = () =>
  new Promise<number>((resolve) =>
    (server.app.getHttpServer() as Server).getConnections((_error, count) => resolve(count)),
  );

describe('the server validates the head of a request before it reads the body', () => {
  it('a request without a credential gets 401 before its body arrives, on every route that needs one', async () => {
    const guarded = routes.filter(({ method, policy }) => method !== 'GET' && policy.audience !== 'public');
    expect(guarded.length).toBeGreaterThan(100);
    const lines = await inParallel(guarded, async ({ name, method, path, policy }) => {
      const { status } = await answerToHalf(method, concretePath(path));
      const expected = policy.audience === 'public-or-org' ? 404 : 401;
      return status === expected ? [] : [`${name}: ${status}`];
    });
    expect(lines.flat()).toEqual([]);
    expect(budget.bytes).toBe(0);
  });

  it('a wrong key, a missing scope and an exceeded limit are answered before the body arrives', async () => {
    const scoped = await server.newOrgKey(org, { scopes: ['tags:read'] });
    const limited = await server.newOrgKey(org, { rate_limit: { per_minute: 1, per_hour: 1 } });
    await server.as(limited.key).get('/tags').expect(200);
    const post = (token: string) => answerToHalf('POST', '/contacts', bearer(token));
    expect((await post('ocx_live_wrong')).status).toBe(401);
    expect((await post(scoped.key)).status).toBe(403);
    expect((await post(limited.key)).status).toBe(429);
  });

  it('an unknown path, a wrong method and a route without a body are answered before the body arrives', async () => {
    const unknown = '/contacts/00000000-0000-7000-8000-000000000000';
    expect((await answerToHalf('POST', '/nowhere')).status).toBe(404);
    expect((await answerToHalf('PUT', '/contacts')).status).toBe(405);
    expect((await answerToHalf('GET', '/healthz')).status).toBe(200);
    expect((await answerToHalf('DELETE', unknown, bearer(key))).status).toBe(404);
    expect((await answerToHalf('GET', '/tags', bearer(key))).status).toBe(200);
  });

  it('an unaccepted length or content type is refused before the body arrives', async () => {
    const long = `Content-Length: ${MEBIBYTE + 1}`;
    expect((await answerToHalf('POST', '/contacts', bearer(key), long)).status).toBe(413);
    expect((await answerToHalf('POST', '/session/login-link', 'Content-Length: 4097')).status).toBe(413);
    expect((await answerToHalf('POST', '/contacts', bearer(key), 'Content-Encoding: br')).status).toBe(415);
    using connection = await RawConnection.open(server.url);
    connection.write(`PUT /tags HTTP/1.1\r\nHost: gatehouse.test\r\n${bearer(key)}\r\nContent-Length: 100\r\n\r\n{`);
    expect((await connection.answer()).status).toBe(415);
  });
});

describe('an accepted body', () => {
  const body = JSON.stringify({ contact: { email: 'jane@example.com', name: 'x'.repeat(200) } });

  it.each([
    ['with a length', [`Content-Length: ${body.length}`], [...body]],
    [
      'in chunks',
      ['Transfer-Encoding: chunked'],
      [...[...body].map((character) => `1\r\n${character}\r\n`), '0\r\n\r\n'],
    ],
  ])('is read even if it arrives byte by byte: %s', async (_how, lines, pieces) => {
    using connection = await RawConnection.open(server.url);
    connection.write(
      headOf('POST', '/contacts', bearer((await server.newOrgKey(await server.newOrg())).key), ...lines),
    );
    for (const piece of pieces) {
      connection.write(piece);
      await new Promise(setImmediate);
    }
    expect(await connection.answer()).toMatchObject({ status: 201 });
    expect(budget.bytes).toBe(0);
  });

  it('leaves the connection open for the next request, whatever its length', async () => {
    using connection = await RawConnection.open(server.url);
    const text = JSON.stringify({ tag_name: 'x'.repeat(500_000) });
    for (const request of [1, 2]) {
      connection.write(headOf('PUT', '/tags', bearer(key), `Content-Length: ${text.length}`) + text);
      const { status, headers } = await connection.answer();
      expect({ request, status, connection: headers['connection'] }).toEqual({
        request,
        status: 400,
        connection: 'keep-alive',
      });
    }
  });
});

describe('a client that never finishes its body', () => {
  it('occupies no memory without a credential, and is disconnected', async () => {
    const clients = await Promise.all(Array.from({ length: 100 }, () => RawConnection.open(server.url)));
    for (const client of clients) client.write(headOf('POST', '/contacts') + '0'.repeat(50_000));
    const answers = await Promise.all(clients.map((client) => client.answer()));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
    expect(budget.bytes).toBe(0);
    await until('the server has closed them', async () => (await connections()) === 0);
    for (const client of clients) client[Symbol.dispose]();
  });

  it('occupies a bounded number of answered connections', async () => {
    const clients = await Promise.all(Array.from({ length: LINGERING_MAX + 20 }, () => RawConnection.open(server.url)));
    for (const client of clients) client.write(headOf('POST', '/contacts') + HALF);
    // The server may cut the oldest connections before they read an answer.
    await Promise.allSettled(clients.slice(0, 20).map((client) => client.answer()));
    await Promise.all(clients.slice(20).map((client) => client.answer()));
    expect(await connections()).toBeLessThanOrEqual(LINGERING_MAX);
    for (const client of clients) client[Symbol.dispose]();
  });

  it('occupies bounded memory with a credential, so other orgs are still served', async () => {
    const count = CALLER_BYTES_MAX / MEBIBYTE + 2;
    const clients = await Promise.all(Array.from({ length: count }, () => RawConnection.open(server.url)));
    for (const client of clients) client.write(headOf('POST', '/contacts', bearer(key)) + 'x'.repeat(MEBIBYTE - 1));
    const refused = await Promise.any(clients.map((client) => client.answer()));
    expect(refused).toMatchObject({
      status: 429,
      headers: { 'retry-after': '1', connection: 'close' },
      body: '{"statusCode":429,"message":"Too many of your request bodies are still arriving. Send fewer at once.","code":"bodies_in_flight"}',
    });
    expect(budget.bytes).toBeLessThanOrEqual(CALLER_BYTES_MAX);

    const other = (await server.newOrgKey(await server.newOrg())).key;
    using connection = await RawConnection.open(server.url);
    const text = JSON.stringify({ contact: { name: 'x'.repeat(100_000) } });
    connection.write(headOf('POST', '/contacts', bearer(other), `Content-Length: ${text.length}`));
    connection.write(text);
    expect((await connection.answer()).status).toBe(400);

    for (const client of clients) client[Symbol.dispose]();
    await until('their memory is released', () => budget.bytes === 0);
  });
});
