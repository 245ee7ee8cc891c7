import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { SecretVerifier } from '../../src/access/credentials/secret-verifier.js';
import { KeySuspensions } from '../../src/tenancy/api-keys/key-suspensions.service.js';
import { OPERATOR } from '../../src/kit/audit/actor.js';
import type { NewManagedKey } from '../../src/tenancy/api-keys/key-view.dto.js';
import { Usage } from '../../src/kit/usage/usage.service.js';
import { createAgent, createKey, pairHeaders, readKey, type Signed, signedInAs } from '../support/manage.js';
import { changeBySql } from '../support/sql-change.js';
import { SqlCount } from '../support/sql-count.js';
import { type TestOrg, TestServer } from '../support/start-app.js';
import { UNKNOWN_ID } from '../support/unknown-id.js';

const KEYS = '/manage/v1/api-keys';
const UNAUTHORIZED = { statusCode: 401, message: 'Unauthorized', error: 'Unauthorized' };

type Headers = Record<string, string>;

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

const bearer = (token: string): Headers => ({ Authorization: `Bearer ${token}` });
const headersOf = (key: NewManagedKey) => (key.api_secret ? pairHeaders(key) : bearer(key.api_key));
const whoami = (headers: Headers) => server.http.get('/whoami').set(headers);
const suspend = (id: string) => admin.post(`${KEYS}/${id}/suspend`);
const resume = (id: string) => admin.post(`${KEYS}/${id}/resume`);
const actionsOf = async (id: string) => {
  const { items } = (await admin.get(`/manage/v1/audit?api_key_id=${id}`).expect(200)).body;
  return (items as { action: string; changes: object | null }[]).map(({ action, changes }) => ({ action, changes }));
};

const FORMS: Record<string, () => Promise<{ id: string; headers: Headers }>> = {
  'an opaque key': async () => {
    const key = await createKey(admin);
    return { id: key.id, headers: headersOf(key) };
  },
  'a typed key': async () => {
    const key = await createKey(admin, { type: 'telephony' });
    return { id: key.id, headers: headersOf(key) };
  },
  'a JWT that a partner made': async () => {
    const { id, key } = await server.newOrgKey(org);
    return { id, headers: bearer(key) };
  },
  'a key with a secret': async () => {
    const key = await createKey(admin, { kind: 'key_secret', agent_id: await createAgent(admin) });
    return { id: key.id, headers: headersOf(key) };
  },
};

describe.each(Object.entries(FORMS))('suspending %s', (_what, make) => {
  it('refuses its requests with the 401 of an unknown key, and resuming it admits them', async () => {
    const { id, headers } = await make();
    await whoami(headers).expect(200);
    expect((await suspend(id).expect(200)).body).toMatchObject({
      id,
      state: 'suspended',
      suspended_at: expect.any(String),
      suspension_reason: 'requested',
    });
    for (let times = 0; times < 2; times++) await whoami(headers).expect(401, UNAUTHORIZED);
    const active = { id, state: 'active', suspended_at: null, suspension_reason: null };
    expect((await resume(id).expect(200)).body).toMatchObject(active);
    await whoami(headers).expect(200);
  });

  it('ends with its revocation, which is final', async () => {
    const { id, headers } = await make();
    await suspend(id).expect(200);
    expect((await admin.post(`${KEYS}/${id}/revoke`).expect(200)).body).toMatchObject({ state: 'revoked' });
    for (const call of [suspend, resume]) {
      expect((await call(id).expect(409)).body).toMatchObject({ code: 'key_inactive' });
    }
    await whoami(headers).expect(401, UNAUTHORIZED);
    expect(await readKey(admin, id)).toMatchObject({ state: 'revoked', suspended_at: expect.any(String) });
  });
});

describe('a suspended key', () => {
  it('can be edited and rotated, and stays suspended with each of its credentials', async () => {
    const key = await createKey(admin);
    await suspend(key.id).expect(200);
    const edited = (await admin.patch(`${KEYS}/${key.id}`).send({ name: 'Renamed' }).expect(200)).body;
    expect(edited).toMatchObject({ name: 'Renamed', state: 'suspended' });
    const rotated = (await admin.post(`${KEYS}/${key.id}/rotate`).expect(200)).body as NewManagedKey;
    expect(rotated).toMatchObject({ state: 'suspended' });
    for (const { api_key } of [key, rotated]) await whoami(bearer(api_key)).expect(401, UNAUTHORIZED);
    await resume(key.id).expect(200);
    for (const { api_key } of [key, rotated]) await whoami(bearer(api_key)).expect(200);
  });

  it('costs no statement while it is cached', async () => {
    const key = await createKey(admin);
    await suspend(key.id).expect(200);
    const ask = () => whoami(headersOf(key)).expect(401);
    await ask();
    expect(await sql.during(async () => void (await Promise.all([ask(), ask(), ask()])))).toEqual([]);
  });

  it('costs no argon2 run', async () => {
    const key = await createKey(admin, { kind: 'key_secret', agent_id: await createAgent(admin) });
    await suspend(key.id).expect(200);
    const matches = vi.spyOn(server.app.get(SecretVerifier), 'matches');
    await whoami(headersOf(key)).expect(401, UNAUTHORIZED);
    expect(matches).not.toHaveBeenCalled();
    matches.mockRestore();
    await resume(key.id).expect(200);
    await whoami(headersOf(key)).expect(200);
  });

  it('shows its refusals with their reason, in its usage and in its verdict', async () => {
    const key = await createKey(admin);
    await suspend(key.id).expect(200);
    for (let times = 0; times < 3; times++) await whoami(headersOf(key)).expect(401);
    await server.app.get(Usage).flush();
    const { rows } = await server.database.query('SELECT reason, requests FROM key_refusals WHERE key_id = $1', [
      key.id,
    ]);
    expect(rows).toEqual([{ reason: 'key_suspended', requests: 3 }]);
    const { verdict, denied_by, findings } = (await admin.get(`${KEYS}/${key.id}/health`).expect(200)).body;
    expect(verdict).toEqual({
      state: 'suspended',
      message: expect.stringMatching(/^Suspended on .+\. It is still called: 3 requests denied in the last 7 days\.$/),
    });
    expect(denied_by).toEqual([{ reason: 'key_suspended', requests: 3 }]);
    expect(findings).toEqual([]);
  });

  it('is told by a check what would mend its refusals', async () => {
    const soon = new Date(Date.now() + 3_600_000).toISOString();
    const key = await createKey(admin, { scopes: ['tags:read'], expires_at: soon });
    await suspend(key.id).expect(200);
    const check = async (more: object = {}) =>
      (
        await admin
          .post(`${KEYS}/${key.id}/check`)
          .send({ method: 'GET', path: '/tags', ...more })
          .expect(200)
      ).body;
    expect(await check()).toMatchObject({
      allowed: false,
      status: 401,
      message: 'The key is suspended.',
      mends: [{ action: 'resume_key', role: 'Admin', message: 'Resume the key.' }],
    });
    // What ends a key for good comes first.
    const at = new Date(Date.now() + 7_200_000).toISOString();
    expect(await check({ at })).toMatchObject({ message: 'The key is expired.' });
  });

  it('is inactive in lists, and has a filter of its own', async () => {
    const [active, suspended, revoked] = await Promise.all(
      ['Active', 'Suspended', 'Revoked'].map((name) => createKey(admin, { name })),
    );
    await suspend(suspended!.id).expect(200);
    await admin.post(`${KEYS}/${revoked!.id}/revoke`).expect(200);
    for (const path of [KEYS, `${KEYS}/overview`]) {
      const idsOf = async (state: string) =>
        (await admin.get(`${path}?state=${state}`).expect(200)).body.items.map(({ id }: { id: string }) => id).sort();
      expect(await idsOf('active')).toEqual([active!.id]);
      expect(await idsOf('inactive')).toEqual([suspended!.id, revoked!.id].sort());
      expect(await idsOf('suspended')).toEqual([suspended!.id]);
    }
    await admin.get(`${KEYS}?state=paused`).expect(400);
  });

  it('lets the pages that it lists read its 401', async () => {
    const origin = 'https://app.example.com';
    const key = await createKey(admin, { type: 'client', allowed_origins: ['app.example.com'] });
    await suspend(key.id).expect(200);
    const event = { event: 'page.viewed' };
    const answer = await server.as(key.api_key).post('/events').set('Origin', origin).send(event).expect(401);
    expect(answer.headers['access-control-allow-origin']).toBe(origin);
  });

  it('that has expired is expired, and cannot be resumed', async () => {
    const key = await createKey(admin);
    await suspend(key.id).expect(200);
    await changeBySql(server, 'update api_keys set expires_at = now() where id = $1', [key.id]);
    expect(await readKey(admin, key.id)).toMatchObject({ state: 'expired' });
    const { body } = await resume(key.id).expect(409);
    expect(body.message).toBe('This API key is expired and cannot be changed.');
    await whoami(headersOf(key)).expect(401);
  });
});

describe('suspending and resuming', () => {
  it('twice is harmless, and recorded once', async () => {
    const { id } = await createKey(admin);
    await resume(id).expect(200);
    for (const call of [suspend, suspend, resume, resume]) await call(id).expect(200);
    const at = expect.any(String);
    expect(await actionsOf(id)).toEqual([
      {
        action: 'api_key.resumed',
        changes: { suspended_at: { before: at, after: null }, suspension_reason: { before: 'requested', after: null } },
      },
      {
        action: 'api_key.suspended',
        changes: { suspended_at: { before: null, after: at }, suspension_reason: { before: null, after: 'requested' } },
      },
      { action: 'api_key.created', changes: expect.anything() },
    ]);
  });

  it('keeps the first reason', async () => {
    const { id } = await createKey(admin);
    const suspensions = server.app.get(KeySuspensions);
    await suspensions.suspend(OPERATOR, { orgId: org.id }, id, 'exposed');
    expect((await suspend(id).expect(200)).body).toMatchObject({ suspension_reason: 'exposed' });
    const message = expect.stringContaining('because it was found in public');
    expect((await admin.get(`${KEYS}/${id}/health`).expect(200)).body.verdict).toMatchObject({ message });
  });

  it('is for Admins, and for keys of their own org', async () => {
    const { id } = await createKey(admin);
    const member = await signedInAs(server, org, 'Member');
    const stranger = await signedInAs(server, await server.newOrg(), 'Owner');
    for (const action of ['suspend', 'resume']) {
      await member.post(`${KEYS}/${id}/${action}`).expect(403);
      await stranger.post(`${KEYS}/${id}/${action}`).expect(404);
      await admin.post(`${KEYS}/${UNKNOWN_ID}/${action}`).expect(404);
    }
    expect(await readKey(admin, id)).toMatchObject({ state: 'active' });
  });
});
