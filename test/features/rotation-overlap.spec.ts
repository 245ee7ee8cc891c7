import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RotationEnds } from '../../src/tenancy/api-keys/rotation-ends.job.js';
import type { ManagedKey, NewManagedKey } from '../../src/tenancy/api-keys/key-view.dto.js';
import { createAgent, createKey, pairHeaders, readKey, type Signed, signedInAs } from '../support/manage.js';
import { newService } from '../support/services.js';
import { changeBySql } from '../support/sql-change.js';
import { SqlCount } from '../support/sql-count.js';
import { type TestOrg, TestServer } from '../support/start-app.js';

const KEYS = '/manage/v1/api-keys';
const DAY_MS = 86_400_000;

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

const headersOf = (key: NewManagedKey): Headers =>
  key.api_secret ? pairHeaders(key) : { Authorization: `Bearer ${key.api_key}` };
const whoami = (key: NewManagedKey) => server.http.get('/whoami').set(headersOf(key));
const rotate = async (id: string, body: object) =>
  (await admin.post(`${KEYS}/${id}/rotate`).send(body).expect(200)).body as NewManagedKey;
const statuses = (...keys: NewManagedKey[]) => Promise.all(keys.map(async (key) => (await whoami(key)).status));
const endings = async (id: string) => {
  const path = `/manage/v1/audit?api_key_id=${id}&action=api_key.rotation_ended`;
  return (await admin.get(path).expect(200)).body.items as { actor: { type: string }; changes: object }[];
};
const replacedOf = async (id: string) => (await readKey(admin, id)).replaced_credential;
const endOf = (replaced: ManagedKey['replaced_credential']) => Date.parse(replaced!.retires_at!);
const setOver = (id: string) =>
  changeBySql(server, 'update key_credentials set retires_at = now() where key_id = $1 and rotated_at is not null', [
    id,
  ]);

describe('a rotation with overlap_from: first_use', () => {
  it.each(['bearer', 'key_secret'])(
    'of a %s key starts the grace period at the first use of the new credential',
    async (kind) => {
      const settings = kind === 'key_secret' ? { kind, agent_id: await createAgent(admin) } : {};
      const old = await createKey(admin, settings);
      const fresh = await rotate(old.id, { grace_seconds: 3_600, overlap_from: 'first_use' });
      expect(fresh.replaced_credential).toMatchObject({ retires_at: null, last_used: null });
      const before = await whoami(old).expect(200);
      expect(before.headers['deprecation']).toMatch(/^@\d+$/);
      expect(before.headers['sunset']).toBeUndefined();

      const usedAt = Date.now();
      expect((await whoami(fresh).expect(200)).headers['deprecation']).toBeUndefined();
      const after = await whoami(old).expect(200);
      expect(Math.abs(Date.parse(after.headers['sunset']!) - usedAt - 3_600_000)).toBeLessThan(60_000);
      const replaced = await replacedOf(old.id);
      expect(Math.abs(endOf(replaced) - usedAt - 3_600_000)).toBeLessThan(60_000);
      expect(replaced!.last_used).toMatchObject({ route: '/whoami' });
    },
  );

  it('ends the old credential at the first use if the grace period has no length', async () => {
    const old = await createKey(admin);
    const fresh = await rotate(old.id, { grace_seconds: 0, overlap_from: 'first_use' });
    expect(await statuses(old, old)).toEqual([200, 200]);
    await whoami(fresh).expect(200);
    expect(await statuses(old, fresh)).toEqual([401, 200]);
  });

  it('never ends the old credential while the new one is not used', async () => {
    const old = await createKey(admin);
    await rotate(old.id, { grace_seconds: 0, overlap_from: 'first_use' });
    await server.app.get(RotationEnds).run();
    await whoami(old).expect(200);
    const { items } = (await admin.get(`${KEYS}/${old.id}/credentials`).expect(200)).body;
    expect(items).toMatchObject([
      { is_current: true, awaits_first_use: true },
      { is_current: false, awaits_first_use: false, retires_at: null },
    ]);
    const message = expect.stringContaining('Its grace period starts once the new one is used.');
    const { findings } = (await admin.get(`${KEYS}/${old.id}/health`).expect(200)).body;
    expect(findings).toContainEqual(expect.objectContaining({ code: 'old_credential_in_use', message }));
  });

  it('starts it once, at whichever of many first requests', async () => {
    const old = await createKey(admin);
    const fresh = await rotate(old.id, { grace_seconds: 60, overlap_from: 'first_use' });
    expect(await statuses(...Array.from({ length: 20 }, () => fresh))).toEqual(Array.from({ length: 20 }, () => 200));
    const first = await replacedOf(old.id);
    expect(await statuses(fresh, old)).toEqual([200, 200]);
    expect((await replacedOf(old.id))!.retires_at).toBe(first!.retires_at);
  });

  it('costs no statement from the second request on', async () => {
    const old = await createKey(admin);
    const fresh = await rotate(old.id, { overlap_from: 'first_use' });
    await whoami(fresh).expect(200);
    await whoami(fresh).expect(200);
    expect(await sql.during(async () => void (await Promise.all([whoami(fresh), whoami(fresh)])))).toEqual([]);
  });

  it('admits no request of the new credential while its first use cannot be stored', async () => {
    const old = await createKey(admin);
    const fresh = await rotate(old.id, { grace_seconds: 0, overlap_from: 'first_use' });
    const blocker = await server.database.pool.connect();
    try {
      await blocker.query('BEGIN');
      await blocker.query('SELECT FROM api_keys WHERE id = $1 FOR UPDATE', [old.id]);
      await whoami(fresh).expect(503);
      await whoami(old).expect(200);
    } finally {
      await blocker.query('ROLLBACK');
      blocker.release();
    }
    expect(await statuses(fresh)).toEqual([200]);
    expect(await statuses(old)).toEqual([401]);
  });

  it('is not started by a refused request of the new credential', async () => {
    const old = await createKey(admin);
    const fresh = await rotate(old.id, { grace_seconds: 0, overlap_from: 'first_use' });
    await admin.post(`${KEYS}/${old.id}/suspend`).expect(200);
    await whoami(fresh).expect(401);
    await admin.post(`${KEYS}/${old.id}/resume`).expect(200);
    await whoami(old).expect(200);
    expect((await replacedOf(old.id))!.retires_at).toBeNull();
  });

  it('starts what the first use of each newer credential ends, and never extends it', async () => {
    const first = await createKey(admin);
    const second = await rotate(first.id, { grace_seconds: 3_600, overlap_from: 'first_use' });
    const third = await rotate(first.id, { grace_seconds: 604_800, overlap_from: 'first_use' });
    const sunsets = async () =>
      Promise.all([first, second].map(async (key) => (await whoami(key).expect(200)).headers['sunset']));
    // The second request of the first credential, because the second credential is used beside it.
    await sunsets();
    const [one, two] = await sunsets();
    expect(Date.parse(one!) - Date.now()).toBeLessThanOrEqual(3_600_000);
    expect(two).toBeUndefined();
    await whoami(third).expect(200);
    const [same, week] = await sunsets();
    expect(same).toBe(one);
    expect(Date.parse(week!) - Date.now()).toBeGreaterThan(6 * DAY_MS);
  });

  it('gives an end to all older credentials when the next rotation names one', async () => {
    const first = await createKey(admin);
    const second = await rotate(first.id, { overlap_from: 'first_use' });
    const third = await rotate(first.id, { grace_seconds: 0 });
    expect(await statuses(first, second, third)).toEqual([401, 401, 200]);
  });

  it('is recorded with the length of the grace period, and refused with another word', async () => {
    const { id } = await createKey(admin);
    await rotate(id, { grace_seconds: 120, overlap_from: 'first_use' });
    const path = `/manage/v1/audit?api_key_id=${id}&action=api_key.rotated`;
    const { items } = (await admin.get(path).expect(200)).body;
    expect(items).toMatchObject([{ changes: { grace_seconds_from_first_use: { before: null, after: 120 } } }]);
    const { body } = await admin.post(`${KEYS}/${id}/rotate`).send({ overlap_from: 'later' }).expect(400);
    expect(body.errors[0].field).toBe('overlap_from');
  });
});

describe('the end of a rotation', () => {
  it('is recorded once, by one of concurrent runs of the job', async () => {
    const key = await createKey(admin);
    const { items } = (await admin.get(`${KEYS}/${key.id}/credentials`).expect(200)).body;
    await rotate(key.id, { grace_seconds: 3_600 });
    await setOver(key.id);
    expect(await endings(key.id)).toEqual([]);
    const job = server.app.get(RotationEnds);
    await Promise.all([job.run(), job.run(), job.run()]);
    await job.run();
    expect(await endings(key.id)).toMatchObject([
      { actor: { type: 'system' }, changes: { credential_id: { before: items[0].id, after: null } } },
    ]);
    await whoami(key).expect(401);
  });

  it('is recorded with a rotation that ends the old credential at once', async () => {
    const key = await createKey(admin);
    await rotate(key.id, { grace_seconds: 0 });
    expect(await endings(key.id)).toMatchObject([{ actor: { type: 'user' } }]);
    await server.app.get(RotationEnds).run();
    expect(await endings(key.id)).toHaveLength(1);
  });

  it('is recorded by the next rotation if the job had no time for it', async () => {
    const key = await createKey(admin);
    await rotate(key.id, { grace_seconds: 3_600 });
    await setOver(key.id);
    await rotate(key.id, { grace_seconds: 3_600 });
    await server.app.get(RotationEnds).run();
    expect(await endings(key.id)).toHaveLength(1);
  });

  it('is not recorded for a revoked key, which ended before', async () => {
    const key = await createKey(admin);
    await rotate(key.id, { grace_seconds: 3_600 });
    await admin.post(`${KEYS}/${key.id}/revoke`).expect(200);
    await setOver(key.id);
    await server.app.get(RotationEnds).run();
    expect(await endings(key.id)).toEqual([]);
  });
});

describe('the old credential', () => {
  it('is in the answer of the key while it works, with its last use', async () => {
    const key = await createKey(admin);
    expect(await replacedOf(key.id)).toBeNull();
    await server.http
      .get('/whoami')
      .set({ ...headersOf(key), 'User-Agent': 'nightly/1.0' })
      .expect(200);
    const rotated = await rotate(key.id, { grace_seconds: 3_600 });
    const last_used = { user_agent: 'nightly/1.0', route: '/whoami' };
    expect(rotated.replaced_credential).toMatchObject({ retires_at: expect.any(String), last_used });
    expect(await replacedOf(key.id)).toEqual(rotated.replaced_credential);
    await setOver(key.id);
    expect(await replacedOf(key.id)).toBeNull();
  });
});

describe('Sunset', () => {
  const inDays = (days: number) => new Date(Math.ceil(Date.now() / 1_000) * 1_000 + days * DAY_MS);

  it('announces the expiry of a key in its last 30 days, on refusals too', async () => {
    const expires = inDays(29);
    const key = await createKey(admin, { scopes: ['contacts:read'], expires_at: expires.toISOString() });
    for (const [path, status] of [
      ['/contacts', 200],
      ['/contacts?limit=0', 400],
      ['/tags', 403],
      [`/contacts/${key.id}`, 404],
    ] as const) {
      const { headers } = await server.as(key.api_key).get(path).expect(status);
      expect([headers['deprecation'], headers['sunset']]).toEqual([undefined, expires.toUTCString()]);
    }
  });

  it('is sent no earlier, and follows a change of the expiry', async () => {
    const key = await createKey(admin, { expires_at: inDays(31).toISOString() });
    expect((await whoami(key).expect(200)).headers['sunset']).toBeUndefined();
    const sooner = inDays(1);
    await admin.patch(`${KEYS}/${key.id}`).send({ expires_at: sooner.toISOString() }).expect(200);
    expect((await whoami(key).expect(200)).headers['sunset']).toBe(sooner.toUTCString());
    await admin.patch(`${KEYS}/${key.id}`).send({ expires_at: null }).expect(200);
    expect((await whoami(key).expect(200)).headers['sunset']).toBeUndefined();
  });

  it('is in the answers of doors, for proxies and services that pass it on', async () => {
    const service = await newService(server, { routes: [{ methods: ['GET'], path: '/a', needs: 'any-key' }] });
    const expires = inDays(3);
    const key = await createKey(admin, { expires_at: expires.toISOString() });
    const proxied = { 'X-Forwarded-Method': 'GET', 'X-Forwarded-Uri': '/a', 'X-Forwarded-For': '203.0.113.9' };
    const asked = await server.as(key.api_key).get(`/v1/forward-auth/${service.slug}`).set(proxied).expect(200);
    expect(asked.headers['sunset']).toBe(expires.toUTCString());
    const question = { credential: { bearer: key.api_key }, method: 'GET', path: '/a' };
    const { body } = await server.as(service.key).post('/v1/verify').send(question).expect(200);
    expect(body.headers).toMatchObject({ Sunset: expires.toUTCString() });
    expect(body.headers).not.toHaveProperty('Deprecation');
  });
});
