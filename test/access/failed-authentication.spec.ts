import { randomBytes } from 'node:crypto';
import type { Test } from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { mintOpaqueKey, mintToken64Hex } from '../../src/access/credentials/credential-format.js';
import { SqlCount } from '../support/sql-count.js';
import { TestServer, type TestOrg } from '../support/start-app.js';
import { privateWebhook } from '../support/workflows.js';

const LIMIT = 5;

let server: TestServer;
let org: TestOrg;
let sql: SqlCount;
let addresses = 0;
/** The X-Forwarded-For address; each test has its own. */
let address: string;

beforeAll(async () => {
  server = await TestServer.start({ LIMIT_AUTH_FAILURES_PER_MINUTE: String(LIMIT) });
  org = await server.newOrg();
  sql = SqlCount.start();
});
afterAll(async () => {
  sql.stop();
  await server.close();
});
beforeEach(() => void (address = `203.0.113.${++addresses}`));

const badKey = () => mintOpaqueKey('ocx', 'live');

function whoami(key: string, from = address) {
  return server.as(key).get('/whoami').set('X-Forwarded-For', from);
}

async function failUntilLimit(from = address): Promise<void> {
  for (let failure = 0; failure < LIMIT; failure++) await whoami(badKey(), from).expect(401);
}

describe('a client over the limit of failed authentication', () => {
  it('gets 429 with Retry-After, without a database statement', async () => {
    await failUntilLimit();
    const statements = await sql.during(async () => {
      const { body, headers } = await whoami(badKey()).expect(429);
      expect(body).toEqual({
        statusCode: 429,
        message: 'Rate limit exceeded: 5 requests per minute.',
        code: 'rate_limited',
      });
      expect(Number(headers['retry-after'])).toBeGreaterThanOrEqual(50);
      expect(Number(headers['retry-after'])).toBeLessThanOrEqual(60);
    });
    expect(statements).toEqual([]);
  });

  it('can use cached valid keys only', async () => {
    const [warm, cold] = [await server.newOrgKey(org), await server.newOrgKey(org)];
    await whoami(warm.key).expect(200);
    await failUntilLimit();
    await whoami(warm.key).expect(200);
    await whoami(cold.key).expect(429);
  });

  it('keeps its valid sessions until they end', async () => {
    const session = await server.newSession(org);
    const ask = () => server.signedIn(session).get('/session').set('X-Forwarded-For', address);
    await ask().expect(200);
    await failUntilLimit();
    await ask().expect(200);
    await server.signedIn(session).delete('/session').expect(204);
    await ask().expect(401);
    await ask().expect(429);
  });

  it('still gets 401 for cached invalid keys and malformed credentials', async () => {
    const known = badKey();
    await whoami(known).expect(401);
    for (let failure = 1; failure < LIMIT; failure++) await whoami(badKey()).expect(401);
    await whoami(badKey()).expect(429);
    for (const key of [known, 'malformed', `${badKey()}x`]) await whoami(key).expect(401);
    await server.http.get('/whoami').set('X-Forwarded-For', address).expect(401);
  });

  it('does not affect other clients', async () => {
    const { key } = await server.newOrgKey(org);
    await failUntilLimit();
    await whoami(key, '198.51.100.1').expect(200);
  });

  it('does not affect other clients with an unreadable address behind the same proxy', async () => {
    const { key } = await server.newOrgKey(org);
    await failUntilLimit('fe80::1%eth0');
    await whoami(badKey(), 'fe80::1%eth0').expect(429);
    await whoami(key, 'fe80::2%eth0').expect(200);
  });

  it('is limited on every source port', async () => {
    for (let failure = 0; failure < LIMIT; failure++)
      await whoami(badKey(), `${address}:${5000 + failure}`).expect(401);
    await whoami(badKey(), `${address}:6000`).expect(429);
    await whoami(badKey()).expect(429);
  });
});

describe('a burst of invented credentials', () => {
  const RUSH = 100;

  /** The number of answers by status. */
  async function statusesOf(requests: readonly Test[]): Promise<Record<number, number>> {
    const answers = await Promise.all(requests);
    const counts: Record<number, number> = {};
    for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
    return counts;
  }

  it('is checked exactly up to the limit', async () => {
    const rush = Array.from({ length: RUSH }, () => whoami(badKey()));
    expect(await statusesOf(rush)).toEqual({ 401: LIMIT, 429: RUSH - LIMIT });
  });

  it('does not count valid uncached keys', async () => {
    const keys = await Promise.all(Array.from({ length: 4 * LIMIT }, () => server.newOrgKey(org)));
    expect(await statusesOf(keys.map(({ key }) => whoami(key)))).toEqual({ 200: keys.length });
  });
});

describe('the limit of failed authentication', () => {
  it('does not count malformed, missing and cached invalid credentials', async () => {
    const known = badKey();
    await whoami(known).expect(401);
    const { key } = await server.newOrgKey(org);
    const forged = `${key.slice(0, -20)}${'A'.repeat(20)}`;
    await whoami(forged).expect(401);
    const free = [known, forged, 'malformed', key.slice(0, -1), `${badKey().slice(0, -1)}_`];
    for (let round = 0; round < LIMIT; round++) for (const each of free) await whoami(each).expect(401);
    await server.http.get('/whoami').set('X-Forwarded-For', address).expect(401);
    await whoami(key).expect(200);
  });

  it('counts unknown sessions', async () => {
    const signIn = (token: string) => server.signedIn(token).get('/session').set('X-Forwarded-For', address);
    for (let failure = 0; failure < LIMIT; failure++) await signIn(mintToken64Hex()).expect(401);
    await signIn(mintToken64Hex()).expect(429);
    await whoami(badKey()).expect(429);
  });

  it('counts unknown login links, by page and by API', async () => {
    const visit = () =>
      server.http.get('/partner-login').query({ token: mintToken64Hex() }).set('X-Forwarded-For', address);
    const post = () =>
      server.http.post('/session/login-link').send({ token: mintToken64Hex() }).set('X-Forwarded-For', address);
    for (let failure = 0; failure < LIMIT - 1; failure++) await visit().expect(410);
    await post().expect(401);
    await visit().expect(429);
    await post().expect(429);
  });

  it('counts unknown pictures', async () => {
    const look = () => server.http.get(`/media/${randomBytes(16).toString('hex')}`).set('X-Forwarded-For', address);
    for (let failure = 0; failure < LIMIT; failure++) await look().expect(404);
    await look().expect(429);
  });

  it('counts unknown webhooks, and no existing ones', async () => {
    const call = (token: string) =>
      server.http.post(`/workflows/webhooks/${token}`).set('X-Forwarded-For', address).send({});
    const token = await privateWebhook(server, org);
    for (let visit = 0; visit <= LIMIT; visit++) await call(token).expect(401);
    for (let failure = 0; failure < LIMIT; failure++) await call(mintToken64Hex()).expect(404);
    await call(mintToken64Hex()).expect(429);
    await call(token).expect(429);
    await whoami(badKey()).expect(429);
  });

  it('counts per /64 of IPv6', async () => {
    for (let host = 1; host <= LIMIT; host++) await whoami(badKey(), `2001:db8:0:1::${host}`).expect(401);
    await whoami(badKey(), '2001:db8:0:1:ffff:ffff:ffff:1').expect(429);
    await whoami(badKey(), '2001:db8:0:2::1').expect(401);
  });

  it('counts per client behind the proxy, also with mapped IPv4 and forged left parts', async () => {
    await failUntilLimit();
    await whoami(badKey(), `::ffff:${address}`).expect(429);
    await whoami(badKey(), `198.51.100.9, ${address}`).expect(429);
  });
});

describe('routes without a credential', () => {
  it.each([
    ['/readyz', 200],
    ['/.well-known/jwks.json', 1_000],
  ])('GET %s costs one statement per %i ms for concurrent requests', async (path, keptMs) => {
    const startedAt = performance.now();
    const statements = await sql.during(async () => {
      await Promise.all(Array.from({ length: 50 }, () => server.http.get(path).expect(200)));
    });
    expect(statements.length).toBeLessThanOrEqual(1 + (performance.now() - startedAt) / keptMs);
  });
});
