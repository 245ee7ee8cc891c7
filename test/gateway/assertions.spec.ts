import { randomBytes } from 'node:crypto';
import { createLocalJWKSet, createRemoteJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { OPERATOR } from '../../src/kit/audit/actor.js';
import { SigningKeys } from '../../src/tenancy/signing-keys/signing-keys.service.js';
import { openServices } from '../support/open-services.js';
import { newService, type TestService } from '../support/services.js';
import { type TestOrg, TestServer } from '../support/start-app.js';
import { newKeyPair, newOpaqueKey, storeKey } from '../support/stored-keys.js';

const ENCRYPTION_KEY = randomBytes(32).toString('base64');
const server = TestServer.forSuite({ ENCRYPTION_KEY });
let org: TestOrg;
let service: TestService;
let other: TestService;

const ROUTES = [
  { methods: ['GET'], path: '/me', needs: 'any-key' },
  { methods: ['GET'], path: '/status', needs: 'public', reason: 'health page' },
];

beforeAll(async () => {
  org = await server.newOrg();
  service = await newService(server, { routes: ROUTES });
  other = await newService(server, { routes: ROUTES });
});

type Headers = Readonly<Record<string, string>>;
const bearer = (key: string): Headers => ({ Authorization: `Bearer ${key}` });

async function assertionOf(headers: Headers, { slug } = service): Promise<string> {
  const answer = await server.http
    .get(`/v1/forward-auth/${slug}`)
    .set({ 'X-Original-Method': 'GET', 'X-Original-URI': '/me', 'X-Forwarded-For': '198.51.100.7', ...headers })
    .expect(200);
  return answer.headers['x-gatehouse-assertion'] as string;
}

const newKey = (settings: object = {}) => newOpaqueKey(server, org.id, settings);

async function keySet(): Promise<JSONWebKeySet> {
  return (await server.http.get('/.well-known/jwks.json').expect(200)).body as JSONWebKeySet;
}

describe('an assertion', () => {
  it('is verified with the published key set, and says who called', async () => {
    const { id, key } = await newKey({ scopes: [service.scope('read'), 'tags:read'] });
    const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', server.url));
    const { payload, protectedHeader } = await jwtVerify(await assertionOf(bearer(key)), keys, {
      algorithms: ['EdDSA'],
      typ: 'gatehouse-assertion+jwt',
      issuer: await server.app.get(SigningKeys).issuer(),
      audience: service.slug,
      requiredClaims: ['exp', 'iat', 'sub'],
      maxTokenAge: 60,
    });
    expect(Object.keys(protectedHeader).sort()).toEqual(['alg', 'kid', 'typ']);
    const { iat, exp, iss: _, ...claims } = payload;
    expect(exp! - iat!).toBe(60);
    const scope = service.scope('read');
    expect(claims).toEqual({ sub: id, org: org.id, partner: org.partner.id, scope, aud: service.slug });
  });

  it('is the same for the requests of a key to a service, and differs by key and service', async () => {
    const [{ key }, { key: another }] = [await newKey(), await newKey()];
    const first = await assertionOf(bearer(key));
    expect(await assertionOf(bearer(key))).toBe(first);
    expect(await assertionOf(bearer(another))).not.toBe(first);
    const elsewhere = await assertionOf(bearer(key), other);
    const keys = createLocalJWKSet(await keySet());
    await jwtVerify(elsewhere, keys, { audience: other.slug });
    await expect(jwtVerify(elsewhere, keys, { audience: service.slug })).rejects.toThrow('"aud"');
  });

  it('is empty on a public route', async () => {
    const { key } = await newKey();
    const answer = await server.http
      .get(`/v1/forward-auth/${service.slug}`)
      .set({ 'X-Original-Method': 'GET', 'X-Original-URI': '/status', 'X-Forwarded-For': '::1', ...bearer(key) });
    expect([answer.status, answer.headers['x-gatehouse-assertion']]).toEqual([200, '']);
  });

  it('is no credential anywhere, even where its digest is stored as a key', async () => {
    const token = await assertionOf(bearer((await newKey()).key));
    await storeKey(server, { org_id: org.id }, { token });
    const { key, secret } = await newKeyPair(server, org.id);
    await server.as(token).get('/whoami').expect(401);
    await server.as(token).get('/partner/v1/orgs').expect(401);
    await server
      .as(token)
      .post('/v1/verify')
      .send({ credential: { bearer: key } })
      .expect(401);
    await server.as(token).post('/oauth2/introspect').type('form').send('token=x').expect(401);
    await server.as(token).get('/operator/v1/services').expect(401);
    const { body } = await server
      .as(service.key)
      .post('/v1/verify')
      .send({ credential: { bearer: token } });
    expect(body).toMatchObject({ valid: false, code: 'unauthorized' });
    const active = await server.as(service.key).post('/oauth2/introspect').type('form').send(`token=${token}`);
    expect(active.body).toEqual({ active: false });
    await expect(assertionOf(bearer(token))).rejects.toThrow('401');
    await expect(assertionOf({ 'X-API-Key': token, 'X-API-Secret': secret })).rejects.toThrow('401');
  });
});

describe('after a rotation of the signing keys', () => {
  it('assertions still verify with a key set that was read before', async () => {
    const { key } = await newKey();
    await assertionOf(bearer(key));
    const cached = createLocalJWKSet(await keySet());
    const kid = await server.app.get(SigningKeys).rotate(OPERATOR);
    const token = await assertionOf(bearer((await newKey()).key));
    await jwtVerify(token, cached, { audience: service.slug });
    expect(decodeProtectedHeader(token).kid).not.toBe(kid);
  });

  it('the new key signs when every cache of the key set knows it', async () => {
    const kid = await server.app.get(SigningKeys).rotate(OPERATOR);
    const signedBy = async () => {
      const another = await openServices(server.databaseUrl, ENCRYPTION_KEY);
      const token = await another.get(SigningKeys).signAssertion('a', {}, { issuedAtSeconds: 0, expiresAtSeconds: 60 });
      await another.close();
      return decodeProtectedHeader(token).kid;
    };
    expect(await signedBy()).not.toBe(kid);
    await server.owner.query("update signing_keys set created_at = created_at - interval '11 minutes'");
    expect(await signedBy()).toBe(kid);
  });
});
