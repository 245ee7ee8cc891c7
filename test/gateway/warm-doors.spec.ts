import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { SecretVerifier } from '../../src/access/credentials/secret-verifier.js';
import { burst, type BurstRequest, burstOf, statusCounts } from '../support/burst.js';
import { newService, type TestService } from '../support/services.js';
import { SqlCount } from '../support/sql-count.js';
import { type TestOrg, TestServer } from '../support/start-app.js';
import { newKeyPair, newOpaqueKey } from '../support/stored-keys.js';

const server = TestServer.forSuite();
let org: TestOrg;
let service: TestService;
let sql: SqlCount;
const signatures = [vi.spyOn(SubtleCrypto.prototype, 'verify'), vi.spyOn(SubtleCrypto.prototype, 'sign')];

beforeAll(async () => {
  org = await server.newOrg();
  service = await newService(server, { routes: [{ methods: ['GET'], path: '/invoices', needs: '{resource}:read' }] });
  sql = SqlCount.start();
});
afterAll(() => {
  sql.stop();
  for (const spy of signatures) spy.mockRestore();
});

/** The SQL statements, argon2 runs, and signatures made or checked during `work`. */
async function costOf(work: () => Promise<unknown>) {
  const verifier = server.app.get(SecretVerifier);
  // Connections to Postgres sign too, with HMAC.
  const count = () =>
    signatures
      .flatMap(({ mock }): unknown[][] => mock.calls)
      .filter(([algorithm]) => JSON.stringify(algorithm).includes('Ed25519')).length;
  const [argon2Before, signaturesBefore] = [verifier.verifications, count()];
  const statements = await sql.during(work);
  return { statements, argon2: verifier.verifications - argon2Before, signatures: count() - signaturesBefore };
}

const NOTHING = { statements: [], argon2: 0, signatures: 0 };
type Headers = Readonly<Record<string, string>>;

const DOORS: readonly [name: string, request: (headers: Headers) => BurstRequest][] = [
  [
    'forward-auth',
    (headers) => ({
      path: `/v1/forward-auth/${service.slug}`,
      headers: {
        'X-Original-Method': 'GET',
        'X-Original-URI': '/invoices',
        'X-Forwarded-For': '198.51.100.7',
        ...headers,
      },
    }),
  ],
  [
    'verify',
    (headers) => ({
      method: 'POST',
      path: '/v1/verify',
      headers: { Authorization: `Bearer ${service.key}` },
      body: { credential: { headers }, method: 'GET', path: '/invoices', ip: '198.51.100.7' },
    }),
  ],
];

describe.each(DOORS)('a warm question to %s', (_name, request) => {
  it.each<[string, () => Promise<Headers>]>([
    ['an opaque key', async () => ({ Authorization: `Bearer ${(await newOpaqueKey(server, org.id)).key}` })],
    ['a JWT key', async () => ({ Authorization: `Bearer ${(await server.newOrgKey(org)).key}` })],
    [
      'a key and secret',
      async () => {
        const { key, secret } = await newKeyPair(server, org.id, { scopes: [service.scope('read')] });
        return { 'X-API-Key': key, 'X-API-Secret': secret };
      },
    ],
  ])('about %s costs no SQL, no argon2 and no signature', async (_kind, mint) => {
    const asked = request(await mint());
    expect(statusCounts(await burst(server.url, [asked]))).toEqual({ 200: 1 });
    const cost = await costOf(async () => {
      expect(statusCounts(await burstOf(server.url, 50, asked))).toEqual({ 200: 50 });
    });
    expect(cost).toEqual(NOTHING);
  });
});

it('warm introspection costs no SQL, no argon2 and no signature', async () => {
  const { key } = await server.newOrgKey(org);
  const ask = () =>
    server.as(service.key).post('/oauth2/introspect').type('form').send(`token=${key}&ip=198.51.100.7`).expect(200);
  expect((await ask()).body).toMatchObject({ active: true });
  expect(await costOf(async () => void (await ask()))).toEqual(NOTHING);
});
