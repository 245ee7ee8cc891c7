import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JwtVerifier } from '../../src/access/ports/jwt-verifier.js';
import { burst, type BurstRequest } from '../support/burst.js';
import { SqlCount } from '../support/sql-count.js';
import { TestServer, type TestOrg } from '../support/start-app.js';
import { newKeyPair, newOpaqueKey } from '../support/stored-keys.js';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const AT_ONCE = 100;

let server: TestServer;
let org: TestOrg;
let sql: SqlCount;

beforeAll(async () => {
  server = await TestServer.start();
  org = await server.newOrg();
  sql = SqlCount.start();
});
afterAll(async () => {
  sql.stop();
  await server.close();
});

const withBearer = (token: string): BurstRequest => ({
  path: '/whoami',
  headers: { Authorization: `Bearer ${token}` },
});

/** Sends any number of requests in batches. Returns those that are not answered with 401. */
async function notRefused(requests: readonly BurstRequest[]): Promise<BurstRequest[]> {
  const accepted: BurstRequest[] = [];
  for (let from = 0; from < requests.length; from += AT_ONCE) {
    const some = requests.slice(from, from + AT_ONCE);
    const answers = await burst(server.url, some);
    accepted.push(...some.filter((_request, index) => answers[index]!.status !== 401));
  }
  return accepted;
}

/** All texts that differ by one replaced, inserted or removed character, or by two swapped ones. */
function oneCharacterChanges(token: string): string[] {
  const changed = new Set<string>();
  for (let at = 0; at <= token.length; at++) {
    const [before, here, after] = [token.slice(0, at), token.slice(at, at + 1), token.slice(at + 1)];
    // Try the next character of the alphabet and one outside it. The unit tests of the format try all 62.
    const near = BASE62[(BASE62.indexOf(here) + 1) % 62]!;
    for (const other of [near, '_']) changed.add(before + other + after).add(before + other + here + after);
    changed.add(before + after).add(before + after.slice(0, 1) + here + after.slice(1));
  }
  changed.delete(token);
  return [...changed];
}

describe('one changed character', () => {
  it('of a cached opaque key is refused without a statement', async () => {
    const { key } = await newOpaqueKey(server, org.id);
    await server.as(key).get('/whoami').expect(200);
    const changes = oneCharacterChanges(key);
    const statements = await sql.during(async () => {
      expect(await notRefused(changes.map(withBearer))).toEqual([]);
    });
    expect(statements).toEqual([]);
  });

  it('of a secret is refused without a statement', async () => {
    const { key, secret } = await newKeyPair(server, org.id);
    const request = (each: string) => ({ path: '/whoami', headers: { 'X-API-Key': key, 'X-API-Secret': each } });
    expect(await notRefused([request(secret)])).toHaveLength(1);
    const statements = await sql.during(async () => {
      expect(await notRefused(oneCharacterChanges(secret).map(request))).toEqual([]);
    });
    expect(statements).toEqual([]);
  });

  it('of the public half is refused without checking the secret', async () => {
    const { key, secret } = await newKeyPair(server, org.id);
    const request = (each: string) => ({ path: '/whoami', headers: { 'X-API-Key': each, 'X-API-Secret': secret } });
    expect(await notRefused(oneCharacterChanges(key).map(request))).toEqual([]);
  });
});

describe('a changed JWT', () => {
  function bitFlips(token: string): string[] {
    const parts = token.split('.');
    return parts.flatMap((part, index) => {
      const bytes = Buffer.from(part, 'base64url');
      return Array.from({ length: bytes.length * 8 }, (_, bit) => {
        const flipped = Buffer.from(bytes);
        flipped[bit >> 3]! ^= 1 << (bit & 7);
        return parts.with(index, flipped.toString('base64url')).join('.');
      });
    });
  }

  it('has an invalid signature, whichever bit of header, claims or signature is flipped', async () => {
    const { key } = await server.newOrgKey(org);
    const verifier = server.app.get(JwtVerifier);
    expect(await verifier.isSigned(key)).toBe(true);
    const flips = bitFlips(key);
    expect(flips.length).toBeGreaterThan(2_000);
    const fitting: string[] = [];
    for (const token of flips) if (await verifier.isSigned(token)) fitting.push(token);
    expect(fitting).toEqual([]);
  });

  it('is refused, whichever of its bits is flipped', async () => {
    const { key } = await server.newOrgKey(org);
    expect(await notRefused([withBearer(key)])).toHaveLength(1);
    const sample = bitFlips(key).filter((_token, index) => index % 17 === 0);
    expect(await notRefused(sample.map(withBearer))).toEqual([]);
  });

  it('is refused in every other encoding of the same bytes, while the key is cached', async () => {
    const { key } = await server.newOrgKey(org);
    await server.as(key).get('/whoami').expect(200);
    const [header, claims, signature] = key.split('.') as [string, string, string];
    const last = signature.slice(-1);
    const sameBytes = [...`${BASE62}-_`].filter((character) => {
      const respelt = signature.slice(0, -1) + character;
      return character !== last && Buffer.from(respelt, 'base64url').equals(Buffer.from(signature, 'base64url'));
    });
    expect(sameBytes).toHaveLength(15);
    const spellings = [
      ...sameBytes.map((character) => `${header}.${claims}.${signature.slice(0, -1)}${character}`),
      `${key}=`,
      `${key}==`,
      `${header}=.${claims}.${signature}`,
      `${header}.${claims}=.${signature}`,
      `${key}.`,
      `.${key}`,
      `${key}.${signature}`,
      `${header}..${signature}`,
      `${header}.${claims}`,
      `${header}.${claims}.`,
      key.toLowerCase(),
      `"${key}"`,
      `${key},`,
      `${key},${key}`,
      `${key} ${key}`,
      `${key}\u00a0`,
      `${key}%00`,
      `\t${key}x`,
      JSON.stringify({ protected: header, payload: claims, signature }),
    ];
    expect(await notRefused(spellings.map(withBearer))).toEqual([]);
  });

  it('is accepted after "Bearer" in any case and with more blanks (RFC 9110)', async () => {
    const { key } = await server.newOrgKey(org);
    const spellings = [`bearer ${key}`, `BEARER ${key}`, `Bearer   ${key}`, `Bearer ${key}  `];
    const accepted = await notRefused(
      spellings.map((value) => ({ path: '/whoami', headers: { Authorization: value } })),
    );
    expect(accepted).toHaveLength(spellings.length);
  });
});
