import { randomBytes } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ApiKeys } from '../../src/tenancy/api-keys/api-keys.service.js';
import { OPERATOR } from '../../src/kit/audit/actor.js';
import type { BulkChange } from '../../src/tenancy/api-keys/bulk/bulk-keys.dto.js';
import { gatehouse } from '../support/gatehouse.js';
import { createKey, readKey, type Signed, signedInAs } from '../support/manage.js';
import { newService } from '../support/services.js';
import { changeBySql } from '../support/sql-change.js';
import { type Client, type TestOrg, TestServer } from '../support/start-app.js';
import { UNKNOWN_ID } from '../support/unknown-id.js';

const KEYS = '/manage/v1/api-keys';
const ENCRYPTION_KEY = randomBytes(32).toString('base64');
const DAY_MS = 86_400_000;

const server = TestServer.forSuite({ ENCRYPTION_KEY });
let operator: Client;
let org: TestOrg;
let owner: Signed;
beforeAll(async () => {
  operator = server.as((await server.app.get(ApiKeys).createForOperator(OPERATOR)).token);
});
beforeEach(async () => {
  org = await server.newOrg();
  owner = await signedInAs(server, org, 'Owner');
});

const bulk = async (filter: object, action: string, more: object = {}): Promise<BulkChange> =>
  (
    await owner
      .post(`${KEYS}/bulk`)
      .send({ filter, action, ...more })
      .expect(200)
  ).body;
const whoami = async (key: string) => (await server.as(key).get('/whoami')).status;
const statesOf = (...ids: string[]) => Promise.all(ids.map(async (id) => (await readKey(owner, id)).state));
const daysAgo = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString();
const inDays = (days: number) => daysAgo(-days);
const actionsOf = async (id: string) => {
  const { items } = (await owner.get(`/manage/v1/audit?api_key_id=${id}`).expect(200)).body;
  return items.map(({ action }: { action: string }) => action) as string[];
};

describe('a bulk change', () => {
  it.each([
    ['suspend', 401, 'suspended', 'api_key.suspended'],
    ['revoke', 401, 'revoked', 'api_key.revoked'],
  ])(
    'with %s is in force for each key when it has answered, and audited for each',
    async (action, status, state, audited) => {
      const keys = await Promise.all([1, 2, 3].map(() => createKey(owner, { tags: ['old'] })));
      const other = await createKey(owner);
      expect(await Promise.all(keys.map(({ api_key }) => whoami(api_key)))).toEqual([200, 200, 200]);
      const ids = keys.map(({ id }) => id).sort();
      const answer = await bulk({ tag: 'old' }, action);
      expect(answer).toEqual({
        matched: 3,
        changed: 3,
        dry_run: false,
        sample: ids.toReversed().map((id) => ({
          id,
          name: 'Production',
          masked_key: keys.find((key) => key.id === id)!.masked_key,
          state: 'active',
        })),
      });
      expect(await Promise.all(keys.map(({ api_key }) => whoami(api_key)))).toEqual([status, status, status]);
      expect(await whoami(other.api_key)).toBe(200);
      expect(await statesOf(...ids, other.id)).toEqual([state, state, state, 'active']);
      for (const id of ids) expect(await actionsOf(id)).toEqual([audited, 'api_key.created']);
      // The same again finds nothing to change.
      expect(await bulk({ tag: 'old' }, action)).toMatchObject({ changed: 0, sample: [] });
    },
  );

  it('resumes only suspended keys', async () => {
    const [one, two] = await Promise.all([createKey(owner, { tags: ['x'] }), createKey(owner, { tags: ['x'] })]);
    await owner.post(`${KEYS}/${one.id}/suspend`).expect(200);
    expect(await bulk({ tag: 'x' }, 'resume')).toMatchObject({ matched: 2, changed: 1, sample: [{ id: one.id }] });
    expect(await whoami(one.api_key)).toBe(200);
    expect(await actionsOf(two.id)).toEqual(['api_key.created']);
  });

  it('sets and takes an expiry, but not of typed and ended keys', async () => {
    const [key, typed, expired] = await Promise.all([
      createKey(owner, { tags: ['x'] }),
      createKey(owner, { tags: ['x'], type: 'telephony' }),
      createKey(owner, { tags: ['x'] }),
    ]);
    await changeBySql(server, 'update api_keys set expires_at = now() where id = $1', [expired.id]);
    const expires_at = inDays(9);
    expect(await bulk({ tag: 'x' }, 'set_expiry', { expires_at })).toMatchObject({ matched: 3, changed: 1 });
    expect(await readKey(owner, key.id)).toMatchObject({ expires_at });
    expect(await readKey(owner, typed.id)).toMatchObject({ expires_at: null });
    expect(await actionsOf(key.id)).toEqual(['api_key.updated', 'api_key.created']);
    expect(await bulk({ tag: 'x' }, 'set_expiry', { expires_at: null })).toMatchObject({ changed: 1 });
    expect(await readKey(owner, key.id)).toMatchObject({ expires_at: null });
  });

  it('that a policy forbids for one key is 400 with its name, and changes none', async () => {
    const keys = await Promise.all([createKey(owner, { tags: ['x'] }), createKey(owner, { tags: ['x'] })]);
    await owner.put('/manage/v1/key-policy').send({ max_lifetime_days: 90 }).expect(200);
    const send = (expires_at: string | null, dry_run: boolean) =>
      owner.post(`${KEYS}/bulk`).send({ filter: { tag: 'x' }, action: 'set_expiry', expires_at, dry_run });
    await send(inDays(80), false).expect(200);
    for (const dry_run of [true, false]) {
      const { body } = await send(inDays(100), dry_run).expect(400);
      expect(body.errors).toMatchObject([
        { field: 'expires_at', message: expect.stringContaining('max_lifetime_days') },
      ]);
    }
    for (const { id } of keys) expect((await readKey(owner, id)).expires_at! < inDays(81)).toBe(true);
    await send(inDays(9), false).expect(200);
  });

  it('that is a dry run answers what would change, and changes nothing', async () => {
    const keys = await Promise.all(Array.from({ length: 12 }, () => createKey(owner, { tags: ['old'] })));
    const answer = await bulk({ tag: 'old' }, 'revoke', { dry_run: true });
    expect(answer).toMatchObject({ matched: 12, changed: 12, dry_run: true });
    const newest = keys
      .map(({ id }) => id)
      .sort()
      .toReversed()
      .slice(0, 10);
    expect(answer.sample.map(({ id }) => id)).toEqual(newest);
    expect(new Set(await statesOf(...keys.map(({ id }) => id)))).toEqual(new Set(['active']));
  });

  it('runs over more keys than one transaction changes', async () => {
    await server.database.query(
      `INSERT INTO api_keys (id, org_id, kind, name, masked_key, tags, created_by_type, created_by_name)
       SELECT gen_random_uuid(), $1, 'bearer', 'Stored', '…', '{many}', 'operator', 'test' FROM generate_series(1, 2500)`,
      [org.id],
    );
    expect(await bulk({ tag: 'many' }, 'suspend')).toMatchObject({ matched: 2_500, changed: 2_500 });
    const sql = `SELECT count(*)::int AS entries, count(DISTINCT target_id)::int AS keys FROM audit_entries
      WHERE org_id = $1 AND action = 'api_key.suspended'`;
    expect((await server.database.query(sql, [org.id])).rows).toEqual([{ entries: 2_500, keys: 2_500 }]);
    expect(await bulk({ tag: 'many' }, 'suspend', { dry_run: true })).toMatchObject({ matched: 2_500, changed: 0 });
  });
});

describe('a bulk change at the same time as', () => {
  it('an edit that takes a key out of the filter changes the key or leaves it, as it says', async () => {
    for (let round = 0; round < 10; round++) {
      const { id } = await createKey(owner, { tags: ['x'] });
      const edit = owner.patch(`${KEYS}/${id}`).send({ tags: [] }).expect(200);
      const [{ changed }] = await Promise.all([bulk({ tag: 'x' }, 'suspend'), edit]);
      expect(await readKey(owner, id)).toMatchObject({ tags: [], state: changed === 1 ? 'suspended' : 'active' });
    }
  });

  it('others of the same keys ends as one after the other', async () => {
    const keys = await Promise.all(Array.from({ length: 20 }, () => createKey(owner, { tags: ['x'] })));
    const answers = await Promise.all([
      bulk({ tag: 'x' }, 'suspend'),
      bulk({ tag: 'x' }, 'set_expiry', { expires_at: inDays(9) }),
      bulk({ tag: 'x' }, 'revoke'),
      bulk({ tag: 'x' }, 'revoke'),
    ]);
    const [, , one, two] = answers.map(({ changed }) => changed);
    expect(one! + two!).toBe(20);
    expect(new Set(await statesOf(...keys.map(({ id }) => id)))).toEqual(new Set(['revoked']));
  });
});

describe('the filter of a bulk change', () => {
  it('finds keys that meet every condition, of the own org only', async () => {
    const service = await newService(server, { routes: [{ methods: ['GET'], path: '/a', needs: '{resource}:read' }] });
    const admin = await signedInAs(server, org, 'Admin');
    const made = {
      tagged: await createKey(owner, { tags: ['web'] }),
      scoped: await createKey(owner, { scopes: ['tags:read', 'contacts:read'] }),
      served: await createKey(owner, { scopes: [service.scope('read')], tags: ['web'] }),
      ending: await createKey(owner, { expires_at: inDays(3) }),
      byAdmin: await createKey(admin),
      full: await createKey(owner, { access: 'full' }),
    };
    const stranger = await signedInAs(server, await server.newOrg(), 'Owner');
    const foreign = await createKey(stranger, { tags: ['web'] });
    expect(await bulk({ ids: [foreign.id] }, 'revoke')).toMatchObject({ matched: 0, changed: 0 });
    expect(await whoami(foreign.api_key)).toBe(200);
    const names = (filter: object) => matchedBy(filter, made);
    const all = Object.keys(made);
    expect(await names({ tag: 'web' })).toEqual(['served', 'tagged']);
    expect(await names({ scope: 'tags:read' })).toEqual(['scoped']);
    expect(await names({ service: service.slug })).toEqual(['served']);
    expect(await names({ service: 'no-such-service' })).toEqual([]);
    expect(await names({ expires_before: inDays(4) })).toEqual(['ending']);
    expect(await names({ expires_before: inDays(2) })).toEqual([]);
    expect(await names({ creator: made.byAdmin.created_by.id })).toEqual(['byAdmin']);
    expect(await names({ tag: 'web', service: service.slug, scope: null })).toEqual(['served']);
    expect(await names({ ids: [made.full.id.toUpperCase(), made.tagged.id, UNKNOWN_ID, 'x'] })).toEqual([
      'full',
      'tagged',
    ]);
    await owner.post(`${KEYS}/${made.full.id}/revoke`).expect(200);
    expect(await names({ ids: all.map((name) => made[name as keyof typeof made].id) })).not.toContain('full');
  });

  it('finds keys without requests since a time, and never those that are newer', async () => {
    const [used, idle, never, young] = await Promise.all([1, 2, 3, 4].map(() => createKey(owner, { tags: ['x'] })));
    const ids = [used!.id, idle!.id, never!.id];
    await changeBySql(server, `update api_keys set created_at = now() - interval '90 days' where id = any ($1)`, [ids]);
    const use = `insert into key_usage (key_id, hour, requests, refused, last_used_at)
      values ($1, date_trunc('hour', now()) - $2::interval, 1, 0, now() - $2::interval)`;
    await server.database.query(use, [used!.id, '2 days']);
    await server.database.query(use, [idle!.id, '60 days']);
    const made = { used: used!, idle: idle!, never: never!, young: young! };
    expect(await matchedBy({ idle_since: daysAgo(30) }, made)).toEqual(['idle', 'never']);
    expect(await matchedBy({ idle_since: daysAgo(70) }, made)).toEqual(['never']);
  });

  it.each<[string, object]>([
    ['filter', { action: 'revoke', filter: {} }],
    ['filter', { action: 'revoke', filter: { tag: null } }],
    ['filter', { action: 'revoke' }],
    ['filter.ids', { action: 'revoke', filter: { ids: [] } }],
    ['filter.ids', { action: 'revoke', filter: { ids: Array.from({ length: 1_001 }, (_, at) => String(at)) } }],
    ['filter.idle_since', { action: 'revoke', filter: { idle_since: 'yesterday' } }],
    ['filter.everything', { action: 'revoke', filter: { everything: true } }],
    ['action', { action: 'delete', filter: { tag: 'x' } }],
    ['expires_at', { action: 'set_expiry', filter: { tag: 'x' } }],
    ['expires_at', { action: 'set_expiry', filter: { tag: 'x' }, expires_at: '2020-01-01T00:00:00Z' }],
    ['expires_at', { action: 'revoke', filter: { tag: 'x' }, expires_at: null }],
  ])('is 400 for %s in a request that is none', async (field, body) => {
    const { body: answer } = await owner.post(`${KEYS}/bulk`).send(body).expect(400);
    expect(answer.errors[0].field).toBe(field);
  });
});

/** The names of the keys that a filter finds. */
async function matchedBy(filter: object, made: Readonly<Record<string, { id: string }>>): Promise<string[]> {
  const { sample } = await bulk(filter, 'revoke', { dry_run: true });
  const ids = new Set(sample.map(({ id }) => id));
  return Object.keys(made)
    .filter((name) => ids.has(made[name]!.id))
    .sort();
}

describe('revoking all', () => {
  it('keys of an org is for Owners, and ends suspended, typed and expired keys too', async () => {
    const admin = await signedInAs(server, org, 'Admin');
    const keys = await Promise.all([createKey(owner), createKey(owner, { type: 'telephony' }), createKey(owner)]);
    const { key } = await server.newOrgKey(org);
    await owner.post(`${KEYS}/${keys[2]!.id}/suspend`).expect(200);
    const neighbour = await server.newOrgKey(await server.newOrg(org.partner));
    await admin.post(`${KEYS}/revoke-all`).send({}).expect(403);
    expect((await owner.post(`${KEYS}/revoke-all`).send({ dry_run: true }).expect(200)).body).toMatchObject({
      changed: 4,
      dry_run: true,
    });
    expect((await owner.post(`${KEYS}/revoke-all`).expect(200)).body).toMatchObject({ matched: 4, changed: 4 });
    expect(await Promise.all([...keys.map(({ api_key }) => api_key), key].map(whoami))).toEqual([401, 401, 401, 401]);
    expect(await whoami(neighbour.key)).toBe(200);
    expect((await owner.get(`${KEYS}?state=active`).expect(200)).body.items).toEqual([]);
  });

  it('keys of a partner ends those of its orgs; the partner keeps its own', async () => {
    const partner = server.as(org.partner.key);
    const other = await server.newOrg(org.partner);
    const [one, two] = [await server.newOrgKey(org), await server.newOrgKey(other)];
    const foreign = await server.newOrgKey(await server.newOrg());
    expect((await partner.post('/partner/v1/api-keys/revoke-all').send({}).expect(200)).body).toMatchObject({
      changed: 2,
    });
    expect(await Promise.all([one, two, foreign].map(({ key }) => whoami(key)))).toEqual([401, 401, 200]);
    await partner.get('/partner/v1/orgs').expect(200);
  });

  it('and bulk changes of one org are open to its partner', async () => {
    const partner = server.as(org.partner.key);
    const [one, two] = [await createKey(owner, { tags: ['x'] }), await createKey(owner)];
    const path = `/partner/v1/orgs/${org.id}/api-keys`;
    const body = { filter: { tag: 'x' }, action: 'suspend' };
    expect((await partner.post(`${path}/bulk`).send(body).expect(200)).body).toMatchObject({ changed: 1 });
    expect([await whoami(one.api_key), await whoami(two.api_key)]).toEqual([401, 200]);
    expect((await partner.post(`${path}/revoke-all`).send({}).expect(200)).body).toMatchObject({ changed: 2 });
    expect(await whoami(two.api_key)).toBe(401);
    await server
      .as((await server.newPartner()).key)
      .post(`${path}/revoke-all`)
      .send({})
      .expect(403);
  });

  it('keys of a partner and its orgs, or of an org, is open to the operator', async () => {
    const revoke = (body: object) => operator.post('/operator/v1/api-keys/revoke-all').send(body);
    const [one, two] = [await server.newOrgKey(org), await server.newOrgKey(await server.newOrg(org.partner))];
    expect((await revoke({ org_id: org.id }).expect(200)).body).toMatchObject({ changed: 1 });
    expect([await whoami(one.key), await whoami(two.key)]).toEqual([401, 200]);
    const partner = server.as(org.partner.key);
    await partner.get('/partner/v1/orgs').expect(200);
    expect((await revoke({ partner_id: org.partner.id }).expect(200)).body).toMatchObject({ changed: 2 });
    expect(await whoami(two.key)).toBe(401);
    await partner.get('/partner/v1/orgs').expect(401);

    await revoke({ org_id: UNKNOWN_ID }).expect(404);
    await revoke({ partner_id: UNKNOWN_ID }).expect(404);
    for (const body of [{}, { everything: false }, { everything: true, org_id: org.id }])
      await revoke(body).expect(400);
  });

  it('keys of all partners and orgs leaves those of services and of the operator', async () => {
    const service = await newService(server, {
      routes: [{ methods: ['GET'], path: '/a', needs: 'public', reason: 'x' }],
    });
    const { key } = await server.newOrgKey(org);
    const body = { everything: true, dry_run: true };
    const planned = (await operator.post('/operator/v1/api-keys/revoke-all').send(body).expect(200)).body;
    await operator.post('/operator/v1/api-keys/revoke-all').send({ everything: true }).expect(200);
    expect(planned.changed).toBeGreaterThan(1);
    expect(await whoami(key)).toBe(401);
    await server.as(org.partner.key).get('/partner/v1/orgs').expect(401);
    await operator.get('/operator/v1/services').expect(200);
    const question = { credential: { bearer: 'x' }, method: 'GET', path: '/a' };
    await server.as(service.key).post('/v1/verify').send(question).expect(200);
  });
});

describe('gatehouse keys', () => {
  const run = (...args: string[]) =>
    gatehouse({ LOG_LEVEL: 'silent', DATABASE_URL: server.databaseUrl, ENCRYPTION_KEY }, 'keys', ...args);

  it('bulk changes keys in the running server, after a dry run has named them', async () => {
    const key = await createKey(owner, { tags: ['old'], name: 'Legacy sync' });
    expect(await whoami(key.api_key)).toBe(200);
    const args = ['bulk', '--org', org.id, '--action', 'suspend', '--tag', 'old'];
    const planned = await run(...args, '--dry-run');
    expect(planned).toMatchObject({ code: 0, stderr: '' });
    expect(planned.stdout).toContain('Legacy sync');
    expect(planned.stdout).toContain('1 of 1 keys would be changed. Nothing is changed, because of --dry-run.');
    expect(await whoami(key.api_key)).toBe(200);
    expect((await run(...args)).stdout).toContain('1 of 1 keys are changed.');
    expect(await whoami(key.api_key)).toBe(401);
  });

  it('revoke-all takes exactly one owner', async () => {
    const { key } = await server.newOrgKey(org);
    expect(await run('revoke-all')).toMatchObject({ code: 2, stderr: expect.stringContaining('give one of --org') });
    expect(await run('revoke-all', '--org', org.id, '--everything')).toMatchObject({ code: 2 });
    expect(await run('revoke-all', '--org', UNKNOWN_ID)).toMatchObject({
      code: 1,
      stderr: 'gatehouse: Org not found\n',
    });
    const done = JSON.parse((await run('revoke-all', '--org', org.id, '--json')).stdout);
    expect(done).toMatchObject({ matched: 1, changed: 1, dry_run: false });
    expect(await whoami(key)).toBe(401);
  });
});
