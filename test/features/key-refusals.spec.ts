import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { mintKeyPair } from '../../src/access/credentials/credential-format.js';
import { Usage } from '../../src/kit/usage/usage.service.js';
import { createKey, type Signed, signedInAs } from '../support/manage.js';
import { newService } from '../support/services.js';
import { changeBySql } from '../support/sql-change.js';
import { SqlCount } from '../support/sql-count.js';
import { type TestOrg, TestServer } from '../support/start-app.js';
import { newKeyPair } from '../support/stored-keys.js';

const UNAUTHORIZED = { statusCode: 401, message: 'Unauthorized', error: 'Unauthorized' };

const server = TestServer.forSuite();
let org: TestOrg;
let admin: Signed;
let sql: SqlCount;
beforeAll(() => void (sql = SqlCount.start()));
afterAll(() => sql.stop());
beforeEach(async () => {
  org = await server.newOrg();
  admin = await signedInAs(server, org, 'Admin');
});

/** The stored refusals of a key by reason, and what its usage says. */
async function refusalsOf(keyId: string) {
  await server.app.get(Usage).flush();
  const { rows } = await server.database.pool.query<{ reason: string; requests: number; org_id: string }>(
    'SELECT reason, requests, org_id FROM key_refusals WHERE key_id = $1 ORDER BY reason',
    [keyId],
  );
  const usage = await server.database.pool.query<{ requests: number; refused: number }>(
    'SELECT sum(requests)::int AS requests, sum(refused)::int AS refused FROM key_usage WHERE key_id = $1',
    [keyId],
  );
  expect(rows.map(({ org_id }) => org_id)).toEqual(rows.map(() => org.id));
  return { ...usage.rows[0]!, by: Object.fromEntries(rows.map(({ reason, requests }) => [reason, requests])) };
}

const NEVER_LET_IN = { requests: null, refused: null };

describe('the refusals of a key', () => {
  it('are counted by the reason of each guard', async () => {
    const { id, api_key } = await createKey(admin, { scopes: ['contacts:read'], rate_limit: { per_minute: 5 } });
    const client = server.as(api_key);
    await client.get('/contacts').expect(200);
    for (let times = 0; times < 2; times++) await client.get('/tags').expect(403);
    await admin
      .patch(`/manage/v1/api-keys/${id}`)
      .send({ allowed_ips: ['203.0.113.9'] })
      .expect(200);
    await client.get('/contacts').expect(403);
    await client.get('/contacts').set('X-Forwarded-For', '?').expect(403);
    await admin.patch(`/manage/v1/api-keys/${id}`).send({ allowed_ips: [] }).expect(200);
    for (let times = 0; times < 2; times++) await client.get('/contacts').expect(200);
    await client.get('/contacts').expect(429);
    expect(await refusalsOf(id)).toEqual({
      requests: 8,
      refused: 5,
      by: { address_not_allowed: 1, address_unknown: 1, rate_limited: 1, scope_missing: 2 },
    });
  });

  it('say that its partner is inactive', async () => {
    const { id, api_key } = await createKey(admin);
    await changeBySql(server, 'update partners set is_active = false where id = $1', [org.partner.id]);
    await server.as(api_key).get('/contacts').expect(401, UNAUTHORIZED);
    await changeBySql(server, 'update partners set is_active = true where id = $1', [org.partner.id]);
    expect(await refusalsOf(id)).toEqual({ requests: 1, refused: 1, by: { partner_inactive: 1 } });
  });

  it('include those of a credential that no longer works, with the answer that an unknown one gets', async () => {
    const [revoked, expired, rotated, graceOver, elsewhere] = await Promise.all(
      Array.from({ length: 5 }, () => createKey(admin)),
    );
    await admin.post(`/manage/v1/api-keys/${revoked!.id}/revoke`).expect(200);
    await changeBySql(server, 'update api_keys set expires_at = now() where id = $1', [expired!.id]);
    await admin.post(`/manage/v1/api-keys/${rotated!.id}/rotate`).send({ grace_seconds: 0 }).expect(200);
    await admin.post(`/manage/v1/api-keys/${graceOver!.id}/rotate`).send({ grace_seconds: 60 }).expect(200);
    const over = 'update key_credentials set retires_at = now() where key_id = $1 and rotated_at is not null';
    await changeBySql(server, over, [graceOver!.id]);
    for (const key of [revoked, expired, rotated, graceOver]) {
      for (let times = 0; times < 2; times++) await server.as(key!.api_key).get('/contacts').expect(401, UNAUTHORIZED);
    }
    await server.as(elsewhere!.api_key).get('/partner/v1/orgs').expect(401, UNAUTHORIZED);
    expect(await refusalsOf(revoked!.id)).toEqual({ ...NEVER_LET_IN, by: { key_revoked: 2 } });
    expect(await refusalsOf(expired!.id)).toEqual({ ...NEVER_LET_IN, by: { key_expired: 2 } });
    expect(await refusalsOf(rotated!.id)).toEqual({ ...NEVER_LET_IN, by: { credential_replaced: 2 } });
    expect(await refusalsOf(graceOver!.id)).toEqual({ ...NEVER_LET_IN, by: { credential_replaced: 2 } });
    expect(await refusalsOf(elsewhere!.id)).toEqual({ ...NEVER_LET_IN, by: { audience_mismatch: 1 } });
  });

  it('include guessed secrets of a key with a secret', async () => {
    const pair = await newKeyPair(server, org.id);
    const ask = (secret: string) => server.http.get('/whoami').set({ 'X-API-Key': pair.key, 'X-API-Secret': secret });
    for (let guess = 0; guess < 3; guess++) await ask(mintKeyPair('ocx').secret).expect(401, UNAUTHORIZED);
    await ask(pair.secret).expect(200);
    expect(await refusalsOf(pair.id)).toEqual({ requests: 1, refused: 0, by: { secret_wrong: 3 } });
  });

  it('include what doors refuse', async () => {
    const service = await newService(server, { routes: [{ methods: ['GET'], path: '/a', needs: '{resource}:read' }] });
    const { id, api_key } = await createKey(admin);
    const ask = (bearer: string) =>
      server.as(service.key).post('/v1/verify').send({ credential: { bearer }, method: 'GET', path: '/a' }).expect(200);
    expect((await ask(api_key)).body).toMatchObject({ code: 'scope_missing' });
    await admin.post(`/manage/v1/api-keys/${id}/revoke`).expect(200);
    expect((await ask(api_key)).body).toMatchObject({ code: 'unauthorized' });
    const proxied = { 'X-Forwarded-Method': 'GET', 'X-Forwarded-Uri': '/a', 'X-Forwarded-For': '203.0.113.9' };
    await server.as(api_key).get(`/v1/forward-auth/${service.slug}`).set(proxied).expect(401);
    expect(await refusalsOf(id)).toEqual({ requests: 1, refused: 1, by: { key_revoked: 2, scope_missing: 1 } });
  });
});

describe('a refused credential in the cache', () => {
  it('costs no statement, and works at once when its org is live again', async () => {
    const { id, api_key } = await createKey(admin);
    const ask = (status: number) => server.as(api_key).get('/whoami').expect(status);
    await changeBySql(server, 'update orgs set archived_at = now() where id = $1', [org.id]);
    await ask(401);
    expect(await sql.during(async () => void (await Promise.all([ask(401), ask(401), ask(401)])))).toEqual([]);
    await changeBySql(server, 'update orgs set archived_at = null where id = $1', [org.id]);
    await ask(200);
    await changeBySql(server, 'update orgs set archived_at = now() where id = $1', [org.id]);
    await ask(401);
    await changeBySql(server, 'update orgs set archived_at = null where id = $1', [org.id]);
    expect(await refusalsOf(id)).toMatchObject({ requests: 1, by: { org_archived: 5 } });
  });
});
