import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { mintKeyPair, mintOpaqueKey } from '../../src/access/credentials/credential-format.js';
import { CredentialCache } from '../../src/access/freshness/credential-cache.js';
import { SecretVerifier } from '../../src/access/credentials/secret-verifier.js';
import { burst, burstOf, statusCounts } from '../support/burst.js';
import { SqlCount } from '../support/sql-count.js';
import { TestServer, type TestOrg } from '../support/start-app.js';
import { newKeyPair, newOpaqueKey } from '../support/stored-keys.js';

type Headers = Readonly<Record<string, string>>;

const bearer = (key: string): Headers => ({ Authorization: `Bearer ${key}` });
const pair = ({ key, secret }: { key: string; secret: string }): Headers => ({
  'X-API-Key': key,
  'X-API-Secret': secret,
});

let server: TestServer;
let org: TestOrg;
let sql: SqlCount;
const signatureChecks = vi.spyOn(SubtleCrypto.prototype, 'verify');

beforeAll(async () => {
  server = await TestServer.start();
  org = await server.newOrg();
  // The first request of a process reads the signing keys, the issuer and the statements.
  await server
    .as((await server.newOrgKey(org)).key)
    .get('/whoami')
    .expect(200);
  sql = SqlCount.start();
});
afterAll(async () => {
  signatureChecks.mockRestore();
  sql.stop();
  await server.close();
});

/** The SQL statements, argon2 runs and signature checks during `work`. */
async function costOf(work: () => Promise<unknown>) {
  const verifier = server.app.get(SecretVerifier);
  const [argon2Before, signaturesBefore] = [verifier.verifications, signatureChecks.mock.calls.length];
  const statements = await sql.during(work);
  return {
    statements: statements.length,
    argon2: verifier.verifications - argon2Before,
    signatures: signatureChecks.mock.calls.length - signaturesBefore,
  };
}

const NOTHING = { statements: 0, argon2: 0, signatures: 0 };
const whoami = (headers: Headers) => ({ path: '/whoami', headers });

describe.each<[string, () => Promise<Headers>, { argon2: number; signatures: number }]>([
  ['an opaque key', async () => bearer((await newOpaqueKey(server, org.id)).key), { argon2: 0, signatures: 0 }],
  ['a JWT key', async () => bearer((await server.newOrgKey(org)).key), { argon2: 0, signatures: 1 }],
  ['a key and secret', async () => pair(await newKeyPair(server, org.id)), { argon2: 1, signatures: 0 }],
])('%s', (_kind, mint, proof) => {
  it('takes one statement when uncached, and none when cached', async () => {
    const request = whoami(await mint());
    const cold = await costOf(async () => {
      expect(statusCounts(await burst(server.url, [request]))).toEqual({ 200: 1 });
    });
    expect(cold).toEqual({ statements: 1, ...proof });
    const warm = await costOf(async () => {
      expect(statusCounts(await burstOf(server.url, 50, request))).toEqual({ 200: 50 });
      for (let one = 0; one < 50; one++) await server.http.get('/whoami').set(request.headers).expect(200);
    });
    expect(warm).toEqual(NOTHING);
  });

  it('takes one statement for a hundred concurrent uncached requests', async () => {
    const request = whoami(await mint());
    const cold = await costOf(async () => {
      expect(statusCounts(await burstOf(server.url, 100, request))).toEqual({ 200: 100 });
    });
    expect(cold).toEqual({ statements: 1, ...proof });
  });
});

describe('an invalid credential', () => {
  const flood = (headers: Headers, status = 401) =>
    costOf(async () => {
      expect(statusCounts(await burstOf(server.url, 50, whoami(headers)))).toEqual({ [status]: 50 });
      for (let one = 0; one < 10; one++) await server.http.get('/whoami').set(headers).expect(status);
    });

  it('costs one statement in all: an unknown opaque key', async () => {
    expect(await flood(bearer(mintOpaqueKey('ocx', 'live')))).toEqual({ ...NOTHING, statements: 1 });
  });

  it('costs one statement in all: a revoked key', async () => {
    const { id, key } = await server.newOrgKey(org);
    await server.as(org.partner.key).delete(`/partner/v1/orgs/${org.id}/api-keys/${id}`).expect(204);
    expect(await flood(bearer(key))).toEqual({ statements: 1, argon2: 0, signatures: 1 });
  });

  it('costs one statement and no argon2 in all: an unknown key with a secret', async () => {
    expect(await flood(pair(mintKeyPair('ocx')))).toEqual({ ...NOTHING, statements: 1 });
  });

  it('costs one statement and one argon2 in all: a wrong secret of a known key', async () => {
    const known = await newKeyPair(server, org.id);
    const wrong = { ...known, secret: mintKeyPair('ocx').secret };
    expect(await flood(pair(wrong))).toEqual({ ...NOTHING, statements: 1, argon2: 1 });
  });

  it('takes no place of valid credentials in the cache: a wrong secret of a known key', async () => {
    const { size } = server.app.get<CredentialCache<unknown>>(CredentialCache);
    const known = await newKeyPair(server, org.id);
    for (let guess = 0; guess < 5; guess++) await flood(pair({ ...known, secret: mintKeyPair('ocx').secret }));
    expect(server.app.get<CredentialCache<unknown>>(CredentialCache).size).toBe(size);
    await server.http.get('/whoami').set(pair(known)).expect(200);
    expect(server.app.get<CredentialCache<unknown>>(CredentialCache).size).toBe(size + 1);
  });

  it('runs no argon2 for the right secret of a revoked or expired key', async () => {
    const over = await Promise.all([
      newKeyPair(server, org.id, { revoked_at: new Date() }),
      newKeyPair(server, org.id, { expires_at: new Date(Date.now() - 1_000) }),
    ]);
    for (const dead of over) expect(await flood(pair(dead))).toMatchObject({ argon2: 0 });
  });

  it('costs no statement if it is malformed', async () => {
    const key = mintOpaqueKey('ocx', 'live');
    const { key: pairKey, secret } = mintKeyPair('ocx');
    const malformed: Headers[] = [
      bearer(`${key.slice(0, -1)}${key.endsWith('0') ? '1' : '0'}`),
      bearer(`${key}0`),
      bearer('eyJhbGciOiJFZERTQSJ9.e30.c2hvcnQ'),
      bearer('x'.repeat(3_000)),
      bearer(pairKey),
      pair({ key: pairKey, secret: `${secret.slice(0, -1)}${secret.endsWith('0') ? '1' : '0'}` }),
      pair({ key: pairKey.slice(1), secret }),
      { 'X-API-Key': pairKey },
      { 'X-API-Secret': secret },
      { Authorization: `Basic ${key}` },
      { Authorization: 'Bearer' },
      {},
    ];
    for (const headers of malformed) expect(await flood(headers)).toEqual(NOTHING);
  });

  it('costs one signature check in all: a JWT with an invalid signature', async () => {
    const { key } = await server.newOrgKey(org);
    const [header, payload, signature] = key.split('.') as [string, string, string];
    const forged = `${header}.${payload}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
    expect(await flood(bearer(forged))).toEqual({ ...NOTHING, signatures: 1 });
  });
});
