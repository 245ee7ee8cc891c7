import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { mintKeyPair, mintOpaqueKey } from '../../src/access/credentials/credential-format.js';
import { Jobs } from '../../src/core/jobs/jobs.service.js';
import type { KeyExposureView } from '../../src/insight/leaks/key-exposure.dto.js';
import type { ImportedBatch } from '../../src/tenancy/key-imports/key-imports.dto.js';
import type { NewManagedKey } from '../../src/tenancy/api-keys/key-view.dto.js';
import { newToken, sha256Hex, sha512Hex, TOKENS } from '../support/key-imports.js';
import { createAgent, createKey, pairHeaders, readKey, type Signed } from '../support/manage.js';
import { SqlCount } from '../support/sql-count.js';
import { type TestOrg, TestServer } from '../support/start-app.js';
import { until } from '../support/until.js';

const ACCEPTED = { message: 'Credentials of this server among these are being revoked.' };
const MAX = 1_000;

describe('POST /credentials/revoke', () => {
  const server = TestServer.forSuite();
  let org: TestOrg;
  let owner: Signed;
  beforeEach(async () => {
    org = await server.newOrg();
    owner = server.signedIn(await server.newSession(org, `owner@${org.id}.example`));
  });

  const revoke = (...credentials: string[]) => server.http.post('/credentials/revoke').send({ credentials });
  const accepted = async (...credentials: string[]) => {
    const { body, headers } = await revoke(...credentials).expect(202);
    expect(body).toEqual(ACCEPTED);
    expect(headers['cache-control']).toBe('no-store');
  };
  const stateOf = async (id: string) => (await readKey(owner, id)).state;
  const revoked = (id: string) => until('the key is revoked', async () => (await stateOf(id)) === 'revoked');
  const exposuresOf = async (id: string) =>
    (await owner.get(`/manage/v1/api-keys/${id}/exposures`).expect(200)).body.items as KeyExposureView[];

  it('revokes every key of an org whose whole credential is sent, of any form', async () => {
    const opaque = await createKey(owner);
    const jwt = await server.newOrgKey(org);
    const agent_id = await createAgent(owner);
    const pair = await createKey(owner, { kind: 'key_secret', agent_id, scopes: ['contacts:read'] });
    await server.http.get('/whoami').set(pairHeaders(pair)).expect(200);
    await accepted(opaque.api_key, jwt.key, pair.api_key, pair.api_secret!, 'something else');
    for (const id of [opaque.id, jwt.id, pair.id]) await revoked(id);
    await server.as(opaque.api_key).get('/whoami').expect(401);
    await server.as(jwt.key).get('/whoami').expect(401);
    await server.http.get('/whoami').set(pairHeaders(pair)).expect(401);
    expect(await exposuresOf(opaque.id)).toMatchObject([{ reported_by: 'holder', url: null, action: 'revoked' }]);
  });

  it('revokes imported keys, from their first use on where not the SHA-256 of the key was imported', async () => {
    const [unused, used] = [newToken(), newToken()];
    const importAs = async (algorithm: string, hash: string) => {
      const set = { name: algorithm, hash: { algorithm }, tokens: TOKENS };
      const keys = [{ name: 'CRM sync', hash, scopes: ['contacts:read'] }];
      const { body } = await owner.post('/manage/v1/api-keys/import').send({ import: set, keys }).expect(200);
      return (body as ImportedBatch).results[0]!.id!;
    };
    const ids = [await importAs('sha256', sha256Hex(unused)), await importAs('sha512', sha512Hex(used))];
    await server.as(used).get('/whoami').expect(200);
    await accepted(unused, used);
    for (const id of ids) await revoked(id);
    await server.as(used).get('/whoami').expect(401);
    await server.as(unused).get('/whoami').expect(401);
  });

  it('records who asked, and tells the managers of the org', async () => {
    const key = await createKey(owner, { name: 'Kiosk' });
    await server.http
      .post('/credentials/revoke')
      .set('X-Forwarded-For', '203.0.113.7')
      .send({ credentials: [key.api_key] });
    await revoked(key.id);
    const { items } = (await owner.get(`/manage/v1/audit?api_key_id=${key.id}`).expect(200)).body;
    expect(items.map(({ action, ip, actor }: Record<string, unknown>) => ({ action, ip, actor }))).toMatchObject([
      { action: 'api_key.revoked', ip: '203.0.113.7', actor: { type: 'system', name: 'Holder of the credential' } },
      { action: 'api_key.exposed', ip: '203.0.113.7' },
      { action: 'api_key.created' },
    ]);
    const sql = 'SELECT to_email, subject FROM mail_messages WHERE org_id = $1';
    expect((await server.owner.query(sql, [org.id])).rows).toEqual([
      { to_email: `owner@${org.id}.example`, subject: 'API key “Kiosk” of Acme Tours was exposed: revoked' },
    ]);
  });

  it('revokes also where the org chose only to be told, because the holder asks', async () => {
    await owner.patch('/manage/v1/org').send({ on_exposed: 'tell' }).expect(200);
    const key = await createKey(owner);
    await accepted(key.api_key);
    await revoked(key.id);
  });

  it('answers the same for a valid, a revoked, an unknown and a malformed credential', async () => {
    const key = await createKey(owner);
    await owner.post(`/manage/v1/api-keys/${key.id}/revoke`).expect(200);
    for (const credential of [(await createKey(owner)).api_key, key.api_key, mintOpaqueKey('ocx', 'live'), 'x', '']) {
      await accepted(credential);
    }
  });

  it('leaves what half of a pair, or a wrong secret, belongs to', async () => {
    const agent_id = await createAgent(owner);
    const pair = await createKey(owner, { kind: 'key_secret', agent_id, scopes: ['contacts:read'] });
    const last = await createKey(owner);
    await accepted(pair.api_key);
    await accepted(pair.api_secret!);
    await accepted(pair.api_key, mintKeyPair('ocx').secret);
    await accepted(last.api_key);
    await revoked(last.id);
    expect(await stateOf(pair.id)).toBe('active');
    expect(await exposuresOf(pair.id)).toEqual([]);
  });

  it('leaves the key of a browser, which every visitor holds', async () => {
    const key = await createKey(owner, { type: 'client' });
    await accepted(key.api_key);
    await until('it is recorded', async () => (await exposuresOf(key.id)).length === 1);
    expect(await exposuresOf(key.id)).toMatchObject([{ action: 'told' }]);
    expect(await stateOf(key.id)).toBe('active');
  });

  it('leaves keys of partners and sessions', async () => {
    const session = await server.newSession(org, `second@${org.id}.example`);
    const last = await createKey(owner);
    await accepted(org.partner.key, session, last.api_key);
    await revoked(last.id);
    await server.as(org.partner.key).get('/partner/v1/orgs').expect(200);
    await server.signedIn(session).get('/session').expect(200);
  });

  it('ends only the replaced credential of a key that was rotated', async () => {
    const key = await createKey(owner);
    const { body } = await owner.post(`/manage/v1/api-keys/${key.id}/rotate`).send({ grace_seconds: 600 }).expect(200);
    await accepted(key.api_key);
    await until('the old one ends', async () => (await server.as(key.api_key).get('/whoami')).status === 401);
    await server
      .as((body as NewManagedKey).api_key)
      .get('/whoami')
      .expect(200);
  });

  it('takes 1,000 credentials at once', async () => {
    const key = await createKey(owner);
    const others = Array.from({ length: MAX - 1 }, () => mintOpaqueKey('ocx', 'live'));
    await accepted(...others, key.api_key);
    await revoked(key.id);
  });

  it.each<[string, unknown]>([
    ['no list', {}],
    ['an empty list', { credentials: [] }],
    ['a text', { credentials: 'SECRET' }],
    ['a list of numbers', { credentials: [7] }],
    ['a list in a list', { credentials: [['SECRET']] }],
    ['too many', { credentials: Array.from({ length: MAX + 1 }, () => 'SECRET') }],
    ['a long text', { credentials: ['SECRET'.repeat(1_000)] }],
    ['another field', { credentials: ['SECRET'], reason: 'SECRET' }],
  ])('refuses %s, and quotes nothing', async (_, body) => {
    const answer = await server.http.post('/credentials/revoke').send(body as object);
    expect(answer.status).toBe(400);
    expect(answer.text).not.toContain('SECRET');
  });
});

describe('the request itself', () => {
  const server = TestServer.forSuite();
  // Only the statements of requests remain.
  beforeAll(() => server.app.get(Jobs).stop());

  it('sends the database the same for a valid and an unknown credential, and nothing for junk', async () => {
    const org = await server.newOrg();
    const { key } = await server.newOrgKey(org);
    const opaque = mintOpaqueKey('ocx', 'live');
    const [head, payload, signature] = key.split('.') as [string, string, string];
    const foreign = Buffer.from('{"iss":"another","sub":"x"}').toString('base64url');
    const junk = [
      `${opaque.slice(0, -1)}${opaque.endsWith('0') ? '1' : '0'}`,
      opaque.toLowerCase(),
      mintKeyPair('ocx').key,
      mintKeyPair('ocx').secret,
      `${head}.${foreign}.${signature}`,
      `${head}.${payload}`,
      'x'.repeat(2_000),
      '',
    ];
    const revoke = (...credentials: string[]) =>
      server.http.post('/credentials/revoke').send({ credentials }).expect(202);
    // The first request reads the issuer and the queues.
    await revoke(mintOpaqueKey('ocx', 'live'));
    const sql = SqlCount.start();
    try {
      const unknown = await sql.during(() => revoke(`${head}.${payload}.${'A'.repeat(86)}`));
      const valid = await sql.during(() => revoke(key));
      expect(valid).toEqual(unknown);
      expect(valid.filter((text) => /key_credentials|api_keys/.test(text))).toEqual([]);
      for (const each of junk) expect(await sql.during(() => revoke(each))).toEqual([]);
    } finally {
      sql.stop();
    }
  });
});

describe('the limit of one client address', () => {
  const server = TestServer.forSuite({ LIMIT_REVOCATION_REQUESTS_PER_HOUR: '3' });

  it('is counted by the hour, for valid bodies and others', async () => {
    const ask = (address: string, body: object) =>
      server.http.post('/credentials/revoke').set('X-Forwarded-For', address).send(body);
    await ask('203.0.113.1', { credentials: ['x'] }).expect(202);
    await ask('203.0.113.1', {}).expect(400);
    const third = await ask('203.0.113.1', { credentials: [mintOpaqueKey('ocx', 'live')] }).expect(202);
    expect(third.headers['ratelimit-policy']).toBe('"revocation-hour";q=3;w=3600');
    const { body } = await ask('203.0.113.1', { credentials: ['x'] }).expect(429);
    expect(body).toMatchObject({ message: 'Rate limit exceeded: 3 requests per hour.' });
    await ask('203.0.113.2', { credentials: ['x'] }).expect(202);
  });
});
