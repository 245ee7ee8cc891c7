import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CheckView } from '../../src/insight/check/check.dto.js';
import type { KeyHealth } from '../../src/insight/health/key-health.dto.js';
import { PolicySetters } from '../support/key-policies.js';
import { createAgent, createKey, pairHeaders, type Signed, signedInAs } from '../support/manage.js';
import { entriesOf } from '../support/request-log.js';
import { type TestOrg, TestServer } from '../support/start-app.js';
import { until } from '../support/until.js';

const KEYS = '/manage/v1/api-keys';
const PAST = '2020-01-01T00:00:00.000Z';
const FUTURE = '2100-01-01T00:00:00.000Z';
const REFUSAL = { statusCode: 401, message: 'Unauthorized', error: 'Unauthorized' };

const server = TestServer.forSuite();
let org: TestOrg;
let admin: Signed;
let policies: PolicySetters;
beforeEach(async () => {
  org = await server.newOrg();
  policies = await PolicySetters.of(server, org);
  admin = await signedInAs(server, org, 'Admin');
});
afterEach(() => policies.set('installation', {}));

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
const whoami = async (key: string) => (await server.as(key).get('/whoami')).status;

async function check(id: string, at?: string): Promise<CheckView> {
  const question = { scope: 'contacts:read', at };
  return (await admin.post(`${KEYS}/${id}/check`).send(question).expect(200)).body as CheckView;
}

describe('a key that breaks an enforced policy', () => {
  it.each(['installation', 'partner', 'org'] as const)(
    'is refused as soon as the %s has set it, and admitted as soon as it is lifted',
    async (level) => {
      const { api_key } = await createKey(admin, { access: 'full' });
      const { api_key: other } = await createKey(admin, { scopes: ['contacts:read'] });
      expect(await whoami(api_key)).toBe(200);
      await policies.set(level, { full_access_forbidden: true });
      expect(await whoami(api_key)).toBe(200);
      await policies.set(level, { full_access_forbidden: true, enforce_from: PAST });
      const { body } = await server.as(api_key).get('/whoami').expect(401);
      expect(body).toMatchObject(REFUSAL);
      expect(await whoami(other)).toBe(200);
      await policies.set(level, { full_access_forbidden: true, enforce_from: FUTURE });
      expect(await whoami(api_key)).toBe(200);
      await policies.set(level, { full_access_forbidden: true, enforce_from: PAST });
      expect(await whoami(api_key)).toBe(401);
      await policies.set(level, {});
      expect(await whoami(api_key)).toBe(200);
    },
  );

  it.each([
    [{ expiry_required: true }, { expires_at: inDays(1) }],
    [{ max_lifetime_days: 5 }, { expires_at: inDays(5) }],
    [{ full_access_forbidden: true }, { scopes: ['contacts:read'] }],
    [{ scope_ceiling: ['contacts:read'] }, { scopes: ['contacts:read'] }],
    [{ ip_list_required: true }, { allowed_ips: ['127.0.0.1'] }],
  ])('%j is admitted once it is changed to %j', async (policy, mend) => {
    const { id, api_key } = await createKey(admin, { access: 'full' });
    await policies.set('org', { ...policy, enforce_from: PAST });
    expect(await whoami(api_key)).toBe(401);
    await admin.patch(`${KEYS}/${id}`).send(mend).expect(200);
    expect(await whoami(api_key)).toBe(200);
  });

  it('is refused in every form: with a secret, and of a type', async () => {
    const typed = await createKey(admin, { type: 'client' });
    const pair = await createKey(admin, {
      kind: 'key_secret',
      agent_id: await createAgent(admin),
      scopes: ['contacts:read'],
    });
    const askAsPair = async () => (await server.http.get('/whoami').set(pairHeaders(pair))).status;
    expect([await whoami(typed.api_key), await askAsPair()]).toEqual([200, 200]);
    await policies.set('org', { ip_list_required: true, enforce_from: PAST });
    expect([await whoami(typed.api_key), await askAsPair()]).toEqual([401, 401]);
    await policies.set('org', {});
    expect([await whoami(typed.api_key), await askAsPair()]).toEqual([200, 200]);
  });

  it('is refused from the instant on, without any other change', async () => {
    const { id, api_key } = await createKey(admin, { access: 'full' });
    const from = new Date(Date.now() + 1_500).toISOString();
    await policies.set('org', { full_access_forbidden: true, enforce_from: from });
    expect(await check(id, new Date(Date.parse(from) - 1).toISOString())).toMatchObject({ allowed: true });
    expect(await check(id, from)).toMatchObject({ allowed: false, status: 401 });
    await until('it is refused', async () => (await whoami(api_key)) === 401);
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(from));
  });

  it('is not revoked: its credential can be replaced and its expiry counts as before', async () => {
    const { id } = await createKey(admin, { access: 'full', expires_at: inDays(3) });
    await policies.set('org', { full_access_forbidden: true, enforce_from: PAST });
    const { body } = await admin.get(`${KEYS}/${id}`).expect(200);
    expect(body).toMatchObject({ state: 'active', revoked_at: null });
    expect((await check(id, inDays(4))).message).toBe('The key is expired.');
  });

  it('is explained to its managers, with what would mend it', async () => {
    const { id, api_key } = await createKey(admin, { access: 'full' });
    await policies.set('partner', { full_access_forbidden: true, expiry_required: true, enforce_from: PAST });
    await policies.set('org', { full_access_forbidden: true, ip_list_required: true });
    const [entry] = await entriesOf(server, () => server.as(api_key).get('/contacts').expect(401));
    expect(entry).toMatchObject({ outcome: 'denied', reason: 'policy_violated', api_key_id: id, org_id: org.id });
    const view = await check(id);
    expect(view).toMatchObject({
      allowed: false,
      status: 401,
      guards: [{ guard: 'authentication', result: 'refuse', reason: 'policy_violated' }, {}, {}, {}, {}],
    });
    expect(view.mends).toEqual([
      {
        action: 'follow_policy',
        value: 'expiry_required',
        role: 'Admin',
        message: "Give the key an expiry. Broken: expiry_required of the partner's key policy.",
      },
      {
        action: 'follow_policy',
        value: 'full_access_forbidden',
        role: 'Admin',
        message:
          "Give the key scopes in place of full access. Broken: full_access_forbidden of the partner's key policy.",
      },
    ]);
    const { denied_by } = (await admin.get(`${KEYS}/${id}/health`).expect(200)).body as KeyHealth;
    expect(denied_by).toEqual([{ reason: 'policy_violated', requests: 1 }]);
  });
});

describe('an enforced policy', () => {
  it('refuses no key of another org, of a partner or of the operator', async () => {
    const elsewhere = await server.newOrgKey(await server.newOrg());
    await policies.set('partner', { full_access_forbidden: true, expiry_required: true, enforce_from: PAST });
    expect(await whoami(elsewhere.key)).toBe(200);
    await policies.set('installation', { full_access_forbidden: true, expiry_required: true, enforce_from: PAST });
    expect(await whoami(elsewhere.key)).toBe(401);
    await server.as(org.partner.key).get('/partner/v1/orgs').expect(200);
    await policies.read('installation');
    await admin.get(KEYS).expect(200);
  });

  it('counts for the rules of its own place only', async () => {
    const { api_key } = await createKey(admin, { access: 'full' });
    await policies.set('installation', { full_access_forbidden: true });
    await policies.set('org', { max_lifetime_days: 10, enforce_from: FUTURE });
    await policies.set('partner', { scope_ceiling: ['contacts:read'], enforce_from: FUTURE });
    expect(await whoami(api_key)).toBe(200);
    expect((await policies.violators()).map(({ refused_from }) => refused_from)).toEqual([FUTURE]);
  });

  it('begins a new lifetime with a rotation', async () => {
    const { id, api_key } = await createKey(admin, { scopes: ['contacts:read'], expires_at: inDays(40) });
    await server.owner.query(`UPDATE key_credentials SET created_at = now() - interval '60 days' WHERE key_id = $1`, [
      id,
    ]);
    await policies.set('org', { max_lifetime_days: 90, enforce_from: PAST });
    expect(await whoami(api_key)).toBe(401);
    const { body } = await admin.post(`${KEYS}/${id}/rotate`).send({}).expect(200);
    expect(await whoami((body as { api_key: string }).api_key)).toBe(200);
    expect(await whoami(api_key)).toBe(200);
  });
});
