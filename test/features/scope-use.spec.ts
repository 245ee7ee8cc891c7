import { beforeEach, describe, expect, it } from 'vitest';
import type { KeyScopeUse } from '../../src/insight/scope-use/scope-use.dto.js';
import { createKey, readKey, type Signed, signedInAs } from '../support/manage.js';
import { newService } from '../support/services.js';
import { changeBySql } from '../support/sql-change.js';
import { type TestOrg, TestServer } from '../support/start-app.js';

const KEYS = '/manage/v1/api-keys';
const SCOPES = ['contacts:read', 'leads:read', 'tags:read', 'tags:write'];

const server = TestServer.forSuite();
let org: TestOrg;
let admin: Signed;
beforeEach(async () => {
  org = await server.newOrg();
  admin = await signedInAs(server, org, 'Admin');
});

const useOf = async (id: string, by = admin) => (await by.get(`${KEYS}/${id}/scopes`).expect(200)).body as KeyScopeUse;
const remove = (id: string, scopes: readonly string[]) => admin.post(`${KEYS}/${id}/scopes/remove`).send({ scopes });
const restore = (id: string) => admin.post(`${KEYS}/${id}/scopes/restore`);

/** As if the installation had counted for a year, and the key had existed for that many days. */
async function age(id: string, days: number): Promise<void> {
  await server.owner.query(`update installation set scopes_counted_since = now() - interval '1 year'`);
  await changeBySql(server, `update api_keys set created_at = now() - $2 * interval '1 day' where id = $1`, [id, days]);
}

/** A key of 40 days that used `contacts:read` and `tags:write`. */
async function usedKey() {
  const key = await createKey(admin, { scopes: SCOPES });
  await age(key.id, 40);
  await server.as(key.api_key).get('/contacts').expect(200);
  await server.as(key.api_key).put('/tags').send({ tag_name: 'vip' }).expect(200);
  return key;
}

describe('the use of scopes', () => {
  it('shows each granted scope with its uses, and advises to remove those without', async () => {
    const { id, api_key } = await usedKey();
    await server.as(api_key).get('/contacts').expect(200);
    await server.as(api_key).get('/calls').expect(403);
    const used = await useOf(id, await signedInAs(server, org, 'Member'));
    expect(used).toMatchObject({
      access: 'scoped',
      observed_days: 40,
      removable: ['leads:read', 'tags:read'],
      sufficient: ['contacts:read', 'tags:write'],
      undo: null,
    });
    const unused = { uses_90_days: 0, last_used_at: null, advice: 'remove' };
    expect(used.items).toMatchObject([
      { scope: 'contacts:read', service: null, granted: true, uses_90_days: 2, advice: null },
      { scope: 'leads:read', granted: true, ...unused },
      { scope: 'tags:read', granted: true, ...unused },
      { scope: 'tags:write', granted: true, uses_90_days: 1, advice: null },
    ]);
  });

  it('gives no advice before 30 days of observation', async () => {
    const { id } = await usedKey();
    await age(id, 29);
    expect(await useOf(id)).toMatchObject({ observed_days: 29, removable: [] });
    await age(id, 100);
    await server.owner.query(`update installation set scopes_counted_since = now() - interval '29 days'`);
    expect(await useOf(id)).toMatchObject({ observed_days: 29, removable: [] });
  });

  it('gives no advice about a scope that was granted in the last 30 days', async () => {
    const { id } = await usedKey();
    await admin
      .patch(`${KEYS}/${id}`)
      .send({ scopes: [...SCOPES, 'calls:read'] })
      .expect(200);
    expect((await useOf(id)).removable).toEqual(['leads:read', 'tags:read']);
  });

  it('says which scopes would have been enough for a key with full access', async () => {
    const service = await newService(server, {
      routes: [{ methods: ['GET'], path: '/a', needs: '{resource}:read' }],
      fullAccess: 'all',
    });
    const { id, api_key } = await createKey(admin, { access: 'full' });
    await age(id, 40);
    await server.as(api_key).get('/tags').expect(200);
    await server.as(api_key).get('/contacts').expect(200);
    const asked = { credential: { bearer: api_key }, method: 'GET', path: '/a' };
    await server.as(service.key).post('/v1/verify').send(asked).expect(200);
    const used = await useOf(id);
    expect(used).toMatchObject({
      access: 'full',
      removable: [],
      sufficient: ['contacts:read', 'tags:read', service.scope('read')],
    });
    expect(used.items.at(-1)).toMatchObject({ service: service.slug, granted: true, uses_90_days: 1 });
    const removal = await remove(id, ['tags:read']).expect(400);
    expect(removal.body.errors[0].field).toBe('scopes');
  });

  it('counts scopes that the content of a request needs', async () => {
    const { id, api_key } = await createKey(admin, { scopes: ['autopilot:write', 'chat-sessions:write'] });
    await server.as(api_key).post('/autopilot/topics').send({ topic: 'Refunds', mode: 'handoff' }).expect(201);
    expect((await useOf(id)).sufficient).toEqual(['autopilot:write', 'chat-sessions:write']);
  });
});

describe('removing unused scopes', () => {
  it('takes effect at once, is audited, and can be undone for a day', async () => {
    const { id, api_key } = await usedKey();
    const { removable } = await useOf(id);
    const removed = await remove(id, removable).expect(200);
    expect(removed.body).toMatchObject({ id, scopes: ['contacts:read', 'tags:write'] });
    await server.as(api_key).get('/tags').expect(403);

    const { undo } = await useOf(id);
    expect(undo).toMatchObject({ removed: removable, by: { type: 'user', id: expect.any(String) } });
    expect(Date.parse(undo!.until) - Date.parse(undo!.at)).toBe(86_400_000);
    const restored = await restore(id).expect(200);
    expect(restored.body).toMatchObject({ scopes: SCOPES });
    await server.as(api_key).get('/tags').expect(200);
    expect((await useOf(id)).undo).toBe(null);
    await restore(id).expect(409);

    const { items } = (await admin.get(`/manage/v1/audit?api_key_id=${id}`).expect(200)).body;
    expect(items.slice(0, 2)).toMatchObject([
      { action: 'api_key.scopes_restored', changes: { scopes: { after: SCOPES } } },
      { action: 'api_key.scopes_removed', changes: { scopes: { before: SCOPES } } },
    ]);
  });

  it('refuses a scope that was used since the advice, and removes none then', async () => {
    const { id, api_key } = await usedKey();
    const { removable } = await useOf(id);
    await server.as(api_key).get('/tags').expect(200);
    const { body } = await remove(id, removable).expect(409);
    expect(body).toMatchObject({ code: 'scope_in_use', message: expect.stringContaining('"tags:read"') });
    expect((await readKey(admin, id)).scopes).toEqual(SCOPES);
  });

  it('is done once for an Idempotency-Key', async () => {
    const { id } = await usedKey();
    const ask = () => remove(id, ['leads:read']).set('Idempotency-Key', 'remove-1').expect(200);
    expect((await ask()).body.scopes).toEqual((await ask()).body.scopes);
    await remove(id, ['leads:read']).expect(400);
  });

  it('is refused for the last scope, foreign scopes, inactive keys and Members', async () => {
    const { id } = await createKey(admin, { scopes: ['leads:read', 'tags:read'] });
    for (const scopes of [['leads:read', 'tags:read'], ['calls:read'], [], 'leads:read', null]) {
      const { body } = await admin.post(`${KEYS}/${id}/scopes/remove`).send({ scopes }).expect(400);
      expect(body.errors[0].field).toBe('scopes');
    }
    await (await signedInAs(server, org, 'Member')).post(`${KEYS}/${id}/scopes/restore`).expect(403);
    await admin.post(`${KEYS}/${id}/revoke`).expect(200);
    for (const call of [remove(id, ['tags:read']), restore(id)]) {
      expect((await call.expect(409)).body.code).toBe('key_inactive');
    }
  });
});
