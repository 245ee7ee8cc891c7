import { beforeAll, describe, expect, it } from 'vitest';
import { OPERATOR } from '../../src/kit/audit/actor.js';
import { SigningKeys } from '../../src/tenancy/signing-keys/signing-keys.service.js';
import { TestServer } from '../support/start-app.js';

/** Responses that clients may cache, with their Cache-Control. */
const CACHED = [
  ['/openapi.json', 'public, max-age=300'],
  ['/.well-known/jwks.json', 'public, max-age=300'],
  ['/dashboard/login.js', 'public, max-age=300'],
  ['/dashboard/page.css', 'public, max-age=300'],
  ['/docs/assets/reference.css', 'public, max-age=300'],
  ['/docs/assets/reference.js', 'public, max-age=300'],
] as const;
/** Responses that are large enough to compress. */
const COMPRESSED = ['/openapi.json', '/docs/assets/reference.css', '/docs/assets/operation.js', '/metrics'];

const server = TestServer.forSuite();
beforeAll(async () => {
  await server.newOrgKey(await server.newOrg());
});

describe.each(CACHED)('GET %s', (path, cacheControl) => {
  it('is cacheable, and answers 304 to a client that sends its ETag', async () => {
    const first = await server.http.get(path).expect(200).expect('cache-control', cacheControl);
    const etag = first.headers['etag'] as string;
    expect(etag).toMatch(/^W\/"[\w-]{12}"$/);
    for (const named of [etag, etag.slice(2), `"other", ${etag}`, '*']) {
      const again = await server.http.get(path).set('If-None-Match', named).expect(304);
      expect([again.text ?? '', again.headers['etag'], again.headers['cache-control']]).toEqual([
        '',
        etag,
        cacheControl,
      ]);
      expect(again.headers['content-type']).toBe(undefined);
    }
    for (const named of ['"other"', `W/"${etag.slice(3, -2)}"`, etag.replaceAll('"', ''), '']) {
      await server.http.get(path).set('If-None-Match', named).expect(200);
    }
  });
});

it('the ETag of the key set changes with a new signing key', async () => {
  const get = () => server.http.get('/.well-known/jwks.json').expect(200);
  const before = await get();
  await server.app.get(SigningKeys).rotate(OPERATOR);
  const after = await get();
  expect(after.body).not.toEqual(before.body);
  expect(after.headers['etag']).not.toBe(before.headers['etag']);
});

it.each(COMPRESSED)('GET %s is compressed only for clients that accept it', async (path) => {
  const get = async (encoding: string) => {
    const answer = await fetch(`${server.url}${path}`, { headers: { 'Accept-Encoding': encoding } });
    const { headers } = answer;
    const sent = { encoding: headers.get('content-encoding'), vary: headers.get('vary') };
    return { sent, bytes: Number(headers.get('content-length')), text: await answer.text() };
  };
  const [plain, gzip] = [await get('identity'), await get('deflate;q=0.9, gzip')];
  expect(plain.sent).toEqual({ encoding: null, vary: 'accept-encoding' });
  expect(gzip.sent).toEqual({ encoding: 'gzip', vary: 'accept-encoding' });
  expect(gzip.bytes).toBeLessThan(plain.bytes / 2);
  if (path === '/metrics') return expect(gzip.text).toContain('# TYPE');
  expect(gzip.text).toBe(plain.text);
  const brotli = await get('gzip, br');
  expect(brotli.sent.encoding).toBe('br');
  expect(brotli.bytes).toBeLessThan(gzip.bytes);
  expect(brotli.text).toBe(plain.text);
});
