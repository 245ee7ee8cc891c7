import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KeyPolicyPreview } from '../../src/tenancy/key-policies/key-policy.dto.js';
import { PolicySetters } from '../support/key-policies.js';
import { createAgent, createKey, type Signed, signedInAs } from '../support/manage.js';
import { type Client, type TestOrg, TestServer } from '../support/start-app.js';

const KEYS = '/manage/v1/api-keys';
const DAY_MS = 86_400_000;
const NOTHING = {
  max_lifetime_days: null,
  default_lifetime_days: null,
  expiry_required: false,
  full_access_forbidden: false,
  ip_list_required: false,
  scope_ceiling: null,
  max_active_keys: null,
  suspend_idle_after_days: null,
  enforce_from: null,
};

const server = TestServer.forSuite();
let org: TestOrg;
let admin: Signed;
let partner: Client;
let policies: PolicySetters;
beforeEach(async () => {
  org = await server.newOrg();
  policies = await PolicySetters.of(server, org);
  admin = await signedInAs(server, org, 'Admin');
  partner = server.as(org.partner.key);
});
// The other levels are of one test each.
afterEach(() => policies.set('installation', {}));

const inDays = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString();
const create = (settings: object) => admin.post(KEYS).send({ name: 'Website', ...settings });
const patch = (id: string, change: object) => admin.patch(`${KEYS}/${id}`).send(change);

describe('the policy of a place', () => {
  it('is replaced as a whole, and answered with what counts there', async () => {
    expect(await policies.read('org')).toEqual({
      own: NOTHING,
      effective: {},
      enforce_from: null,
      updated_at: null,
      updated_by: null,
    });
    await policies.set('installation', { max_lifetime_days: 365, enforce_from: '2031-01-01T00:00:00Z' });
    await policies.set('partner', { max_lifetime_days: 90, full_access_forbidden: true });
    await policies.set('org', { max_lifetime_days: 400, max_active_keys: 7, enforce_from: '2030-01-01T00:00:00Z' });
    const set = await policies.set('org', { max_lifetime_days: 400, scope_ceiling: ['tags:write', 'contacts:read'] });
    expect(set).toEqual({
      own: { ...NOTHING, max_lifetime_days: 400, scope_ceiling: ['contacts:read', 'tags:write'] },
      effective: {
        max_lifetime_days: { value: 90, set_by: 'partner' },
        full_access_forbidden: { value: true, set_by: 'partner' },
        scope_ceiling: { value: ['contacts:read', 'tags:write'], set_by: 'org' },
      },
      enforce_from: '2031-01-01T00:00:00.000Z',
      updated_at: expect.any(String),
      updated_by: expect.any(String),
    });
    const { effective } = await policies.read('partner');
    expect(Object.keys(effective).sort()).toEqual(['full_access_forbidden', 'max_lifetime_days']);
    expect((await policies.read('installation')).own).toMatchObject({ max_lifetime_days: 365 });
  });

  it('can be read by members and replaced by Owners only', async () => {
    const member = await signedInAs(server, org, 'Member');
    await member.get('/manage/v1/key-policy').expect(200);
    await admin.put('/manage/v1/key-policy').send({ expiry_required: true }).expect(403);
    await policies.set('org', { expiry_required: true });
  });

  it('of one org is also set by its partner, and by no other', async () => {
    const path = `/partner/v1/orgs/${org.id}/key-policy`;
    await partner.put(path).send({ max_active_keys: 3 }).expect(200);
    expect(await policies.read('org')).toMatchObject({ own: { max_active_keys: 3 }, updated_by: 'Demo Partner' });
    const other = await server.newPartner();
    await server.as(other.key).put(path).send({}).expect(403);
    expect((await server.as(other.key).get('/partner/v1/key-policy').expect(200)).body).toMatchObject({ own: NOTHING });
  });

  it.each([
    [{ max_lifetime_days: 0 }, 'max_lifetime_days must not be less than 1'],
    [{ max_lifetime_days: 1.5 }, 'max_lifetime_days must be an integer number'],
    [{ default_lifetime_days: 36_501 }, 'default_lifetime_days must not be greater than 36500'],
    [{ expiry_required: 'yes' }, 'expiry_required must be a boolean value'],
    [{ scope_ceiling: [] }, 'scope_ceiling must contain at least 1 elements'],
    [{ scope_ceiling: ['contacts:read', 'contacts:fly'] }, 'Unknown scope "contacts:fly".'],
    [{ enforce_from: '2030-01-01' }, /^enforce_from must be an ISO 8601 date and time with a zone/],
    [{ max_keys: 1 }, 'max_keys is not a known field'],
  ])('%j is refused, and changes nothing', async (policy, message) => {
    const { body } = await policies.owner.put('/manage/v1/key-policy').send(policy).expect(400);
    expect((body as { message: string }).message).toEqual(
      typeof message === 'string' ? message : expect.stringMatching(message),
    );
    expect((await policies.read('org')).updated_at).toBeNull();
  });

  it('is audited with what changed', async () => {
    await policies.set('org', { max_lifetime_days: 30 });
    await policies.set('org', { max_lifetime_days: 60, expiry_required: true });
    await policies.set('org', { max_lifetime_days: 60, expiry_required: true });
    const { body } = await admin.get('/manage/v1/audit?action=key_policy.updated').expect(200);
    expect(body.items).toMatchObject([
      {
        target: { type: 'key_policy', id: org.id, name: 'Acme Tours' },
        changes: {
          max_lifetime_days: { before: 30, after: 60 },
          expiry_required: { before: false, after: true },
        },
      },
      { changes: { max_lifetime_days: { before: null, after: 30 } } },
    ]);
    await policies.set('partner', { ip_list_required: true });
    await policies.set('installation', { ip_list_required: true });
    const { rows } = await server.database.query(
      `SELECT target_id, target_name, actor_type FROM audit_entries
       WHERE chain = 'installation' AND action = 'key_policy.updated' ORDER BY sequence DESC LIMIT 2`,
    );
    expect(rows).toEqual([
      { target_id: null, target_name: 'installation', actor_type: 'operator' },
      { target_id: org.partner.id, target_name: 'Demo Partner', actor_type: 'partner' },
    ]);
  });
});

describe('a new key', () => {
  it.each([
    ['org', { expiry_required: true }, 'expires_at', "the organization's key policy (expiry_required)"],
    ['partner', { max_lifetime_days: 30 }, 'expires_at', "the partner's key policy allows 30 days (max_lifetime_days)"],
    [
      'installation',
      { full_access_forbidden: true },
      'scopes',
      "the installation's key policy forbids full access (full_access_forbidden)",
    ],
    ['org', { ip_list_required: true }, 'allowed_ips', "the organization's key policy requires it (ip_list_required)"],
    [
      'partner',
      { scope_ceiling: ['tags:read'] },
      'scopes',
      "the partner's key policy lists what keys may be granted (scope_ceiling)",
    ],
  ] as const)('is refused by the rule of the %s %j', async (level, policy, field, words) => {
    await create({ access: 'full' }).expect(201);
    await policies.set(level, policy);
    const { body } = await create({ access: 'full' }).expect(400);
    expect(body).toMatchObject({
      code: 'invalid_request',
      errors: [{ field, message: expect.stringContaining(words) }],
    });
    const made = await partner.post(`/partner/v1/orgs/${org.id}/api-keys`).send({}).expect(400);
    expect(made.body).toMatchObject({ statusCode: 400, message: expect.stringContaining(words) });
  });

  it('is refused with a sentence for each rule that it breaks', async () => {
    await policies.set('org', { expiry_required: true, ip_list_required: true, scope_ceiling: ['tags:read'] });
    const { body } = await create({ scopes: ['contacts:read', 'tags:read'] }).expect(400);
    expect((body as { errors: object[] }).errors).toEqual([
      { field: 'expires_at', message: "expires_at is required by the organization's key policy (expiry_required)" },
      {
        field: 'allowed_ips',
        message:
          "allowed_ips must list at least one address or network: the organization's key policy requires it (ip_list_required)",
      },
      {
        field: 'scopes',
        message:
          'scopes must not include "contacts:read": the organization\'s key policy doesn\'t list them (scope_ceiling)',
      },
    ]);
    await create({ scopes: ['tags:read'], expires_at: inDays(1), allowed_ips: ['203.0.113.7'] }).expect(201);
  });

  it('may live as long as the strictest policy allows', async () => {
    await policies.set('installation', { max_lifetime_days: 60 });
    await policies.set('org', { max_lifetime_days: 90 });
    await create({ access: 'full', expires_at: inDays(60) }).expect(201);
    const { body } = await create({ access: 'full', expires_at: inDays(61) }).expect(400);
    expect(body).toMatchObject({ message: expect.stringContaining("the installation's key policy allows 60 days") });
  });

  it('gets the default lifetime if the request has no expiry, and only where a policy sets one', async () => {
    expect((await createKey(admin)).expires_at).toBeNull();
    await policies.set('org', { default_lifetime_days: 90, expiry_required: true });
    await policies.set('partner', { max_lifetime_days: 30 });
    const daysOf = ({ expires_at }: { expires_at: string | null }) =>
      Math.round((Date.parse(expires_at!) - Date.now()) / DAY_MS);
    expect(daysOf(await createKey(admin))).toBe(30);
    expect(daysOf(await createKey(admin, { scopes: ['tags:read'], expires_at: inDays(10) }))).toBe(10);
    expect(daysOf(await createKey(admin, { type: 'client' }))).toBe(30);
    const { id } = await server.newOrgKey(org);
    expect(daysOf((await admin.get(`${KEYS}/${id}`).expect(200)).body as { expires_at: string })).toBe(30);
  });

  it('counts against the most keys of the strictest policy', async () => {
    await createKey(admin);
    await policies.set('partner', { max_active_keys: 2 });
    await policies.set('org', { max_active_keys: 5 });
    const { id } = await createKey(admin);
    const { body } = await create({ access: 'full' }).expect(409);
    expect(body).toMatchObject({
      code: 'limit_reached',
      message: "The limit of 2 active API keys in the partner's key policy (max_active_keys) is reached.",
    });
    await admin.post(`${KEYS}/${id}/revoke`).expect(200);
    await create({ access: 'full' }).expect(201);
  });

  it('of a type has no scopes, may be bound to domains in place of addresses, and follows the other rules', async () => {
    await policies.set('org', { full_access_forbidden: true, ip_list_required: true, scope_ceiling: ['tags:read'] });
    const client = { type: 'client' };
    await create(client).expect(400);
    await create({ ...client, allowed_origins: ['acme.example'] }).expect(201);
    await create({ ...client, allowed_ips: ['203.0.113.7'] }).expect(201);
    await policies.set('org', { expiry_required: true });
    await create({ ...client, allowed_origins: ['acme.example'] }).expect(400);
  });

  it('with a secret follows the rules with the scopes of its agent', async () => {
    await policies.set('org', { scope_ceiling: ['contacts:read'] });
    const pair = { kind: 'key_secret', agent_id: await createAgent(admin) };
    await create({ ...pair, scopes: ['contacts:read'] }).expect(201);
    await create({ ...pair, scopes: ['contacts:read', 'contacts:create'] }).expect(400);
  });
});

describe('an existing key', () => {
  it('keeps settings that break a new policy, and can change the others', async () => {
    const { id } = await createKey(admin, { access: 'full' });
    await policies.set('org', { full_access_forbidden: true, expiry_required: true, ip_list_required: true });
    await patch(id, { name: 'Renamed', description: 'Of the website' }).expect(200);
    await patch(id, { rate_limit: { per_minute: 5 } }).expect(200);
    await patch(id, { allowed_ips: ['203.0.113.7'] }).expect(200);
    await patch(id, { allowed_ips: [] }).expect(400);
  });

  it('may become narrower than it is, if not as narrow as a policy wants', async () => {
    const { id } = await createKey(admin, { access: 'full' });
    await policies.set('org', { max_lifetime_days: 30, scope_ceiling: ['tags:read'] });
    await patch(id, { scopes: ['contacts:read', 'tags:read'] }).expect(200);
    await patch(id, { scopes: ['contacts:read'] }).expect(200);
    await patch(id, { scopes: ['contacts:read', 'tags:read'] }).expect(400);
    await patch(id, { expires_at: inDays(300) }).expect(200);
    await patch(id, { expires_at: inDays(299) }).expect(200);
    const { body } = await patch(id, { expires_at: inDays(301) }).expect(400);
    expect(body).toMatchObject({ errors: [{ field: 'expires_at' }] });
    await patch(id, { expires_at: null }).expect(400);
    await patch(id, { access: 'full' }).expect(400);
  });

  it('gets a new credential only within the policies, which begins a new lifetime', async () => {
    const { id } = await createKey(admin);
    await server.owner.query(`UPDATE key_credentials SET created_at = now() - interval '400 days' WHERE key_id = $1`, [
      id,
    ]);
    await policies.set('partner', { max_lifetime_days: 90 });
    const rotate = () => admin.post(`${KEYS}/${id}/rotate`).send({});
    const { body } = await rotate().expect(400);
    expect(body).toMatchObject({ errors: [{ field: 'expires_at' }] });
    await patch(id, { expires_at: inDays(30) }).expect(200);
    const late = await patch(id, { expires_at: inDays(60) }).expect(400);
    expect(late.body).toMatchObject({ message: expect.stringContaining('which a rotation begins again') });
    await rotate().expect(200);
    await patch(id, { expires_at: inDays(90) }).expect(200);
    expect(await policies.violators()).toEqual([]);
  });

  it('gets scopes back only if a policy lists them', async () => {
    const { id, api_key } = await createKey(admin, { scopes: ['contacts:read', 'tags:read'] });
    await server.as(api_key).get('/contacts').expect(200);
    await admin
      .post(`${KEYS}/${id}/scopes/remove`)
      .send({ scopes: ['tags:read'] })
      .expect(200);
    await policies.set('org', { scope_ceiling: ['contacts:read'] });
    const { body } = await admin.post(`${KEYS}/${id}/scopes/restore`).expect(400);
    expect(body).toMatchObject({ errors: [{ field: 'scopes' }] });
    await policies.set('org', {});
    await admin.post(`${KEYS}/${id}/scopes/restore`).expect(200);
  });
});

describe('violations', () => {
  it('lists active and suspended keys with the rules that they break, and whose they are', async () => {
    const fine = await createKey(admin, { scopes: ['tags:read'], expires_at: inDays(10) });
    const [full, endless, ended] = [
      await createKey(admin, { access: 'full', expires_at: inDays(10) }),
      await createKey(admin, { scopes: ['tags:read'] }),
      await createKey(admin, { access: 'full' }),
    ];
    await admin.post(`${KEYS}/${endless.id}/suspend`).send({}).expect(200);
    await admin.post(`${KEYS}/${ended.id}/revoke`).expect(200);
    await policies.set('partner', { full_access_forbidden: true, max_lifetime_days: 20 });
    await policies.set('org', { full_access_forbidden: true, enforce_from: '2100-01-01T00:00:00Z' });
    const found = await policies.violators();
    expect(found.map(({ id, rules, refused_from }) => ({ id, rules, refused_from }))).toEqual([
      { id: endless.id, rules: [{ rule: 'max_lifetime_days', set_by: 'partner' }], refused_from: null },
      {
        id: full.id,
        rules: expect.arrayContaining([
          { rule: 'full_access_forbidden', set_by: 'org' },
          { rule: 'full_access_forbidden', set_by: 'partner' },
        ]),
        refused_from: '2100-01-01T00:00:00.000Z',
      },
    ]);
    expect(found.map(({ id }) => id)).not.toContain(fine.id);
    expect((await policies.violators('partner')).map(({ id }) => id)).toEqual([endless.id, full.id]);
    const { body } = await partner.get(`/partner/v1/orgs/${org.id}/key-policy/violations`).expect(200);
    expect(body).toEqual({ items: found, next: null });
  });

  it('lists each key once over many pages, of all orgs of a place', async () => {
    const second = await server.newOrg(org.partner);
    const elsewhere = await server.newOrg();
    const ids: string[] = [];
    for (const each of [org, second, org, second, org]) ids.push((await server.newOrgKey(each)).id);
    const other = await server.newOrgKey(elsewhere);
    await policies.set('partner', { expiry_required: true });
    for (const limit of [1, 2, 4, 5, 6]) {
      const found = (await policies.violators('partner', limit)).map(({ id }) => id);
      expect(found.toSorted()).toEqual(ids.toSorted());
    }
    await policies.set('installation', { full_access_forbidden: true });
    const all = (await policies.violators('installation', 3)).map(({ id }) => id);
    expect(new Set(all).size).toBe(all.length);
    expect(all).toEqual(expect.arrayContaining([...ids, other.id]));
  });

  it('has a preview for a draft, which changes nothing', async () => {
    const full = await createKey(admin, { access: 'full' });
    const scoped = await createKey(admin, { scopes: ['contacts:read'] });
    await policies.set('org', { expiry_required: true });
    const preview = async (draft: object, query = '') =>
      (await admin.post(`/manage/v1/key-policy/preview${query}`).send(draft).expect(200)).body as KeyPolicyPreview;
    const draft = { full_access_forbidden: true, enforce_from: '2020-01-01T00:00:00Z' };
    expect(await preview(draft)).toMatchObject({
      count: 1,
      is_complete: true,
      items: [
        {
          id: full.id,
          rules: [{ rule: 'full_access_forbidden', set_by: 'org' }],
          refused_from: '2020-01-01T00:00:00.000Z',
        },
      ],
      next: null,
    });
    const first = await preview({ expiry_required: true }, '?limit=1');
    expect(first).toMatchObject({ count: 2, items: [{ id: scoped.id }] });
    const second = await preview({ expiry_required: true }, `?limit=1&cursor=${first.next!}`);
    expect(second).toMatchObject({ count: 2, items: [{ id: full.id }] });
    await admin
      .post('/manage/v1/key-policy/preview')
      .send({ scope_ceiling: ['x:y'] })
      .expect(400);
    await server.as(full.api_key).get('/whoami').expect(200);
    expect((await policies.read('org')).own).toEqual({ ...NOTHING, expiry_required: true });
  });
});
