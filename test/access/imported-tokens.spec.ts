import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SecretVerifier } from '../../src/access/credentials/secret-verifier.js';
import { waitUntilInForce } from '../../src/access/freshness/in-force.js';
import { burstOf, statusCounts } from '../support/burst.js';
import { FOREIGN_FORMS, newToken, sha256Hex, TOKENS } from '../support/key-imports.js';
import { type Signed, signedInAs } from '../support/manage.js';
import { SqlCount } from '../support/sql-count.js';
import { TestServer } from '../support/start-app.js';

const FORMS = ['SHA-256 in hex', 'HMAC-SHA-256', 'argon2id of the whole token', 'bcrypt behind the first characters'];

let server: TestServer;
let admin: Signed;
let sql: SqlCount;

beforeAll(async () => {
  server = await TestServer.start();
  admin = await signedInAs(server, await server.newOrg(), 'Admin');
  sql = SqlCount.start();
});
afterAll(async () => {
  sql.stop();
  await server.close();
});

const whoami = (token: string) => ({ path: '/whoami', headers: { Authorization: `Bearer ${token}` } });

async function importKey(set: object, row: object): Promise<void> {
  const keys = [{ scopes: ['contacts:read'], ...row }];
  await admin
    .post('/manage/v1/api-keys/import')
    .send({ import: { name: randomUUID(), ...set }, keys })
    .expect(200);
  // The first token after a change of the imports may wait for them to be read.
  await server.http.get('/whoami').set({ Authorization: 'Bearer not-a-key' }).expect(401);
}

async function costOf(token: string, status: number, times: number) {
  const verifier = server.app.get(SecretVerifier);
  const before = verifier.verifications;
  const statements = await sql.during(async () => {
    expect(statusCounts(await burstOf(server.url, times, whoami(token)))).toEqual({ [status]: times });
  });
  return { statements: statements.length, hashes: verifier.verifications - before };
}

describe.each(FORMS)('a warm request of a key imported as %s', (name) => {
  it('costs no statement and no hash', async () => {
    const { set, make } = FOREIGN_FORMS[name]!;
    const { token, row } = await make();
    await importKey(set, row);
    await server.as(token).get('/whoami').expect(200);
    // The first use changed the credential, which drops it from the cache once more.
    await waitUntilInForce(server.database.query);
    await server.as(token).get('/whoami').expect(200);
    expect(await costOf(token, 200, 50)).toEqual({ statements: 0, hashes: 0 });
  });
});

describe('a token that no key has', () => {
  beforeAll(async () => {
    await importKey({ hash: { algorithm: 'sha256' }, tokens: TOKENS }, { hash: sha256Hex(newToken()) });
  });

  it.each([
    ['another prefix', () => newToken('sk_test_')],
    ['another length', () => `${newToken()}0`],
    ['other characters', () => newToken().replace(/.$/, '-')],
  ])('costs no statement where no import declares its form: %s', async (_what, make) => {
    for (let guess = 0; guess < 5; guess++) {
      expect(await costOf(make(), 401, 10)).toEqual({ statements: 0, hashes: 0 });
    }
  });

  it('costs two statements in all where an import declares its form', async () => {
    const { statements, hashes } = await costOf(newToken(), 401, 20);
    expect(hashes).toBe(0);
    expect(statements).toBeLessThanOrEqual(2);
    const known = newToken();
    await costOf(known, 401, 1);
    expect(await costOf(known, 401, 20)).toEqual({ statements: 0, hashes: 0 });
  });

  it('is never taken for a stored digest', async () => {
    const { set, make } = FOREIGN_FORMS['SHA-512 in hex']!;
    const { row } = await make();
    await importKey({ ...set, tokens: { min_length: 16, max_length: 1000, alphabet: 'visible' } }, row);
    const rows = await server.database.pool.query(`SELECT digest FROM key_credentials WHERE digest LIKE 'imported:%'`);
    const { digest } = rows.rows[0] as { digest: string };
    for (const token of [digest, digest.slice('imported:'.length), row.hash]) {
      await server.as(token).get('/whoami').expect(401);
    }
  });
});
