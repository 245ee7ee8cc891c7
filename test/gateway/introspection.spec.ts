import { beforeAll, describe, expect, it } from 'vitest';
import { mintOpaqueKey } from '../../src/access/credentials/credential-format.js';
import { SigningKeys } from '../../src/tenancy/signing-keys/signing-keys.service.js';
import { newService, type TestService } from '../support/services.js';
import { changeBySql } from '../support/sql-change.js';
import { type TestOrg, TestServer } from '../support/start-app.js';
import { newKeyPair, newOpaqueKey } from '../support/stored-keys.js';

const server = TestServer.forSuite();
let org: TestOrg;
let service: TestService;

beforeAll(async () => {
  org = await server.newOrg();
  service = await newService(server, { routes: [{ methods: ['GET'], path: '/invoices', needs: '{resource}:read' }] });
});

const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

function post(form: string, authorization = `Bearer ${service.key}`) {
  return server.http.post('/oauth2/introspect').type('form').set('Authorization', authorization).send(form);
}

const introspect = (token: string, more: Readonly<Record<string, string>> = {}) =>
  post(new URLSearchParams({ token, ...more }).toString());

async function newKey(settings: object = {}): Promise<string> {
  return (await newOpaqueKey(server, org.id, { scopes: [service.scope('read')], ...settings })).key;
}

describe('an active token', () => {
  it('is described by the fields of RFC 7662', async () => {
    const expires_at = new Date('2100-01-01T00:00:00.000Z');
    const scopes = [service.scope('write'), 'tags:read', service.scope('read')];
    const { id, key } = await newOpaqueKey(server, org.id, { scopes, expires_at });
    const answer = await introspect(key, { token_type_hint: 'access_token' }).expect(200);
    expect(answer.headers['content-type']).toMatch(/^application\/json\b/);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.body).toEqual({
      active: true,
      scope: `${service.scope('read')} ${service.scope('write')}`,
      client_id: id,
      sub: org.id,
      tags: [],
      metadata: {},
      exp: expires_at.getTime() / 1000,
      iat: expect.any(Number),
      iss: await server.app.get(SigningKeys).issuer(),
      aud: service.slug,
      token_type: 'Bearer',
    });
  });

  it('without an end has no exp', async () => {
    const { body } = await introspect(await newKey());
    expect(body).toMatchObject({ active: true });
    expect(body).not.toHaveProperty('exp');
  });

  it('that was rotated out ends with its grace period', async () => {
    const retires_at = new Date('2099-01-01T00:00:00.000Z');
    const { body } = await introspect(await newKey({ retires_at }));
    expect(body).toMatchObject({ active: true, exp: retires_at.getTime() / 1000 });
  });

  it('can be a JWT key, or a typed key without scopes', async () => {
    const { key } = await server.newOrgKey(org);
    expect((await introspect(key)).body).toMatchObject({ active: true, sub: org.id });
    const typed = await newKey({ type: 'client', scopes: [] });
    expect((await introspect(typed)).body).toMatchObject({ active: true, scope: '' });
  });

  it('with allowed addresses and origins needs to be told them', async () => {
    const key = await newKey({ allowed_ips: ['198.51.100.0/24'], allowed_origins: ['app.example.com'] });
    const [ip, origin] = ['198.51.100.7', 'https://app.example.com'];
    const asked: Readonly<Record<string, string>>[] = [
      {},
      { ip },
      { origin },
      { ip: '203.0.113.9', origin },
      { ip, origin: 'https://evil.example' },
      { ip, origin },
    ];
    const answers: boolean[] = [];
    for (const more of asked) answers.push(((await introspect(key, more)).body as { active: boolean }).active);
    expect(answers).toEqual([false, false, false, false, false, true]);
  });
});

it('any other token is inactive, and nothing else is said', async () => {
  const away = await server.newOrg();
  const { key: ofInactive } = await newOpaqueKey(server, away.id);
  await changeBySql(server, 'update partners set is_active = false where id = $1', [away.partner.id]);
  const { key: publicHalf, secret } = await newKeyPair(server, org.id);
  const full = await newKey({ rate_per_minute: 1 });
  await introspect(full).expect(200);
  const tokens = [
    mintOpaqueKey('ocx', 'live'),
    await newKey({ revoked_at: new Date() }),
    await newKey({ expires_at: new Date(0) }),
    await newKey({ retires_at: new Date(0) }),
    await server.newSession(org),
    ofInactive,
    publicHalf,
    secret,
    full,
    org.partner.key,
    service.key,
    'x',
    'a b',
    'a,b',
    '\0',
    '😀',
    'x'.repeat(5_000),
    'eyJhbGciOiJub25lIn0.e30.',
  ];
  for (const token of tokens) {
    const { status, text, headers } = await introspect(token);
    expect([token, status, text, headers['cache-control']]).toEqual([token, 200, '{"active":false}', 'no-store']);
  }
});

it('a revoked key is inactive once the revoke call returns', async () => {
  for (let round = 0; round < 10; round++) {
    const { id, key } = await server.newOrgKey(org);
    expect((await introspect(key)).body).toMatchObject({ active: true });
    await server.as(org.partner.key).delete(`/partner/v1/orgs/${org.id}/api-keys/${id}`).expect(204);
    expect((await introspect(key)).body).toEqual({ active: false });
  }
});

describe('the client', () => {
  it('authenticates with its service key: as a bearer token, or as the password of any user', async () => {
    const form = `token=${await newKey()}`;
    const accepted = [
      `Bearer ${service.key}`,
      `bearer  ${service.key}`,
      basic(service.slug, service.key),
      basic('', service.key),
      basic('a:b', service.key).replace('Basic', 'basic'),
    ];
    for (const authorization of accepted.slice(0, 4)) await post(form, authorization).expect(200);
    // RFC 7617: a user has no colon; the password begins behind the first.
    await post(form, accepted[4]).expect(401);
  });

  it('gets 401 with challenges of both schemes for anything else', async () => {
    const key = await newKey();
    const refused = [
      `Bearer ${key}`,
      `Bearer ${org.partner.key}`,
      `Bearer ${mintOpaqueKey('ocx', 'live')}`,
      basic(service.slug, key),
      basic(service.slug, 'wrong'),
      basic(service.key, ''),
      'Basic !',
      'Basic',
      `Digest ${service.key}`,
      `Bearer ${service.key}, Bearer ${service.key}`,
    ];
    for (const authorization of refused) {
      const { status, headers } = await post(`token=${key}`, authorization);
      expect([authorization, status]).toEqual([authorization, 401]);
      expect(headers['www-authenticate']).toMatch(/^Bearer realm="gatehouse".*, Basic realm="gatehouse"$/);
    }
    await server.http.post('/oauth2/introspect').type('form').send(`token=${key}`).expect(401);
  });

  it('cannot authenticate by the form', async () => {
    const form = new URLSearchParams({ token: await newKey(), client_id: service.slug, client_secret: service.key });
    await server.http.post('/oauth2/introspect').type('form').send(form.toString()).expect(401);
  });
});

describe('the request', () => {
  it('is a form: another body is 415, another method 405', async () => {
    const token = await newKey();
    const client = server.as(service.key);
    await client.post('/oauth2/introspect').send({ token }).expect(415);
    await client.post('/oauth2/introspect').type('text/plain').send(`token=${token}`).expect(415);
    await client.get('/oauth2/introspect').query({ token }).expect(405);
  });

  it('has exactly one token, and no parameter twice', async () => {
    const token = await newKey();
    const invalid = ['', 'token=', 'toke=x', `token=${token}&token=${token}`, `token=${token}&ip=::1&ip=::1`];
    for (const form of invalid) {
      const { status } = await post(form);
      expect([form, status]).toEqual([form, 400]);
    }
    await server.as(service.key).post(`/oauth2/introspect?token=${token}`).type('form').send('').expect(400);
  });

  it('may have parameters that mean nothing here', async () => {
    const { body } = await introspect(await newKey(), { resource: 'https://api.example', token_type_hint: 'pass' });
    expect(body).toMatchObject({ active: true });
  });
});
