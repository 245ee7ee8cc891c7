import { beforeEach, describe, expect, it } from 'vitest';
import { CONFIG, type Config } from '../../src/core/config/config.js';
import { keyFactsSql } from '../../src/insight/health/key-facts-sql.js';
import type { KeyFinding } from '../../src/insight/health/key-findings.js';
import type { KeyHealth } from '../../src/insight/health/key-health.dto.js';
import type { KeyOverview, KeySummary } from '../../src/insight/health/key-overview.dto.js';
import { KeyActivityJob } from '../../src/insight/health/key-activity.job.js';
import { KeyUses } from '../support/key-uses.js';
import { createKey, readKey, type Signed, signedInAs } from '../support/manage.js';
import { type TestOrg, TestServer } from '../support/start-app.js';
import { UNKNOWN_ID } from '../support/unknown-id.js';

const KEYS = '/manage/v1/api-keys';
const DAY_MS = 86_400_000;

const server = TestServer.forSuite({ LIMIT_ORG_KEY_PER_HOUR: '10000' });
let org: TestOrg;
let admin: Signed;
let uses: KeyUses;
beforeEach(async () => {
  org = await server.newOrg();
  admin = await signedInAs(server, org, 'Admin');
  uses = new KeyUses(server);
});

async function overview(query = ''): Promise<KeyOverview> {
  return (await admin.get(`${KEYS}/overview${query}`).expect(200)).body as KeyOverview;
}
async function summaryOf(id: string): Promise<KeySummary> {
  return (await overview()).items.find((key) => key.id === id)!;
}
async function healthOf(id: string): Promise<KeyHealth> {
  return (await admin.get(`${KEYS}/${id}/health`).expect(200)).body as KeyHealth;
}
async function findingsOf(id: string): Promise<readonly KeyFinding[]> {
  const { findings } = await summaryOf(id);
  const { findings: described } = await healthOf(id);
  // The key's page says the same, and leaves out what another finding implies.
  const implied = (code: KeyFinding) => code === 'idle_30' && findings.includes('idle_90');
  expect(described.map(({ code }) => code)).toEqual(findings.filter((code) => !implied(code)));
  return findings;
}

describe('the overview', () => {
  it('shows each key with its usage, newest first, and sums them up', async () => {
    const [quiet, busy] = [await createKey(admin), await createKey(admin, { access: 'full' })];
    await uses.add(busy.id, { requests: 7, refused: 2 });
    await uses.add(busy.id, { hoursAgo: 718, requests: 10 });
    await uses.add(busy.id, { hoursAgo: 720, requests: 1_000 });
    const { items, counts, totals, is_complete } = await overview();
    expect(items.map(({ id }) => id)).toEqual([busy.id, quiet.id]);
    const {
      agent_id: _,
      allowed_ips: _1,
      allowed_origins: _2,
      rate_limit: _3,
      revoked_at: _4,
      ...key
    } = await readKey(admin, busy.id);
    const { scopes: _5, usage: _6, metadata: _7, revision: _8, ...known } = key;
    const { suspended_at: _9, suspension_reason: _10, replaced_credential: _11, ...shown } = known;
    expect(items[0]).toEqual({
      ...shown,
      scopes_count: 0,
      requests_30_days: 17,
      denied_30_days: 2,
      findings: ['full_access', 'never_expires'],
    });
    expect(items[1]).toMatchObject({ access: 'scoped', scopes_count: 1, requests_30_days: 0, last_used_at: null });
    expect(totals).toEqual({ keys: 2, requests_30_days: 17, denied_30_days: 2 });
    expect(counts).toMatchObject({ full_access: 1, never_used: 1, never_expires: 2, mostly_denied: 0 });
    expect(is_complete).toBe(true);
  });

  it('counts requests that this process has not stored yet', async () => {
    const { id, api_key } = await createKey(admin);
    await server.as(api_key).get('/whoami').expect(200);
    await server.as(api_key).get('/tags').expect(403);
    expect(await summaryOf(id)).toMatchObject({ requests_30_days: 2, denied_30_days: 1 });
  });

  it('shows revoked and expired keys apart, with requests that still come and without findings', async () => {
    const { id, api_key } = await createKey(admin);
    await admin.post(`${KEYS}/${id}/revoke`).expect(200);
    await server.as(api_key).get('/whoami').expect(401);
    expect((await overview()).items).toEqual([]);
    const { items, totals } = await overview('?state=inactive');
    expect(items).toMatchObject([{ id, state: 'revoked', requests_30_days: 1, denied_30_days: 1, findings: [] }]);
    expect(totals.keys).toBe(1);
  });

  it('is the same before and after the hourly job, and includes later requests', async () => {
    const { id } = await createKey(admin);
    await uses.add(id, { hoursAgo: 1, requests: 30, refused: 20 });
    await uses.add(id, { hoursAgo: 200, requests: 5 });
    await uses.deny(id, 'key_revoked', { hoursAgo: 2, requests: 3 });
    await uses.scope(id, 'contacts:read');
    const before = await summaryOf(id);
    expect(before).toMatchObject({ requests_30_days: 38, denied_30_days: 23 });
    await server.app.get(KeyActivityJob).run();
    expect(await summaryOf(id)).toEqual(before);
    await uses.add(id, { requests: 2 });
    expect(await summaryOf(id)).toMatchObject({ requests_30_days: 40 });
    await server.app.get(KeyActivityJob).run();
    expect(await summaryOf(id)).toMatchObject({ requests_30_days: 40 });
    await uses.forget(id);
    await server.app.get(KeyActivityJob).run();
    expect(await summaryOf(id)).toMatchObject({ requests_30_days: 0 });
  });

  it('shows no key of another org', async () => {
    const other = await signedInAs(server, await server.newOrg(), 'Admin');
    await createKey(other);
    expect(await overview()).toMatchObject({ items: [], totals: { keys: 0 } });
  });

  it('reads the hours and the last use of a key once each, however many findings ask for them', async () => {
    const facts = keyFactsSql(server.app.get<Config>(CONFIG).limits, 'api_keys', 'new');
    const { rows } = await server.database.query(`EXPLAIN SELECT * FROM ${facts} facts`);
    const readers = rows.filter((line) => / on key_usage_until_\d+ key_usage/.test(String(line['QUERY PLAN'])));
    expect(readers).toHaveLength(2);
  });
});

describe('a key is found', () => {
  const expires_at = new Date(Date.now() + 400 * DAY_MS).toISOString();

  it('never used, then not', async () => {
    const { id, api_key } = await createKey(admin, { expires_at });
    expect(await findingsOf(id)).toEqual(['never_used']);
    await server.as(api_key).get('/whoami').expect(200);
    expect(await findingsOf(id)).toEqual([]);
  });

  it('idle for 30 and for 90 days', async () => {
    const [month, quarter] = [await createKey(admin, { expires_at }), await createKey(admin, { expires_at })];
    await uses.add(month.id, { hoursAgo: 31 * 24, requests: 1 });
    await uses.add(quarter.id, { hoursAgo: 91 * 24, requests: 1 });
    expect(await findingsOf(month.id)).toEqual(['idle_30']);
    expect(await findingsOf(quarter.id)).toEqual(['idle_90', 'idle_30']);
  });

  it('expiring within 14 days', async () => {
    const inDays = (days: number) => ({ expires_at: new Date(Date.now() + days * DAY_MS).toISOString() });
    const [soon, later] = [await createKey(admin, inDays(13)), await createKey(admin, inDays(15))];
    await uses.add(soon.id, { requests: 1 });
    await uses.add(later.id, { requests: 1 });
    expect(await findingsOf(soon.id)).toEqual(['expiring']);
    expect(await findingsOf(later.id)).toEqual([]);
  });

  it('mostly denied if more requests of 7 days were denied than allowed', async () => {
    const { id } = await createKey(admin, { expires_at });
    await uses.add(id, { hoursAgo: 166, requests: 10, refused: 5 });
    expect(await findingsOf(id)).toEqual([]);
    await uses.add(id, { hoursAgo: 168, requests: 10, refused: 10 });
    expect(await findingsOf(id)).toEqual([]);
    await uses.deny(id, 'secret_wrong', { requests: 1 });
    expect(await findingsOf(id)).toEqual(['mostly_denied']);
  });

  it('near its limit from 80% of it in an hour, or with any 429', async () => {
    const [below, above] = [await createKey(admin, { expires_at }), await createKey(admin, { expires_at })];
    await uses.add(below.id, { hoursAgo: 3, requests: 8_099, refused: 100 });
    await uses.add(above.id, { hoursAgo: 3, requests: 8_000 });
    expect(await findingsOf(below.id)).toEqual([]);
    expect(await findingsOf(above.id)).toEqual(['near_limit']);
    await uses.deny(below.id, 'rate_limited', { requests: 1 });
    expect(await findingsOf(below.id)).toEqual(['near_limit']);
  });

  it('wider than used only after 30 days of counting, and only if it uses some of its scopes', async () => {
    const scopes = ['contacts:read', 'tags:read'];
    const [young, used, unused] = [
      await createKey(admin, { scopes, expires_at }),
      await createKey(admin, { scopes, expires_at }),
      await createKey(admin, { scopes, expires_at }),
    ];
    for (const { id } of [young, used, unused]) await uses.add(id, { requests: 1 });
    for (const { id } of [young, used]) await uses.scope(id, 'contacts:read');
    await uses.observedFor(31, used.id, unused.id);
    expect(await findingsOf(young.id)).toEqual([]);
    expect(await findingsOf(used.id)).toEqual(['wider_than_used']);
    expect(await findingsOf(unused.id)).toEqual([]);
    await uses.scope(used.id, 'tags:read');
    expect(await findingsOf(used.id)).toEqual([]);
  });

  it('rotated with its old credential in use', async () => {
    const { id, api_key } = await createKey(admin, { expires_at });
    await server.as(api_key).get('/whoami').expect(200);
    await admin.post(`${KEYS}/${id}/rotate`).send({ grace_seconds: 3_600 }).expect(200);
    expect(await findingsOf(id)).toEqual([]);
    await server.as(api_key).get('/whoami').expect(200);
    expect(await findingsOf(id)).toEqual(['old_credential_in_use']);
  });
});

describe('the health of a key', () => {
  it('is one sentence with shares and the most frequent reason', async () => {
    const { id } = await createKey(admin);
    await uses.add(id, { requests: 1_000, refused: 20 });
    await uses.deny(id, 'scope_missing', { requests: 15 });
    await uses.deny(id, 'address_not_allowed', { requests: 5 });
    expect(await healthOf(id)).toMatchObject({
      verdict: { state: 'healthy', message: 'Healthy: 98% allowed; 2% denied, mostly missing scope.' },
      days: 7,
      requests: 1_000,
      denied: 20,
      allowed_share: 0.98,
      denied_by: [
        { reason: 'scope_missing', requests: 15 },
        { reason: 'address_not_allowed', requests: 5 },
      ],
      limit: { denied_7_days: 0 },
    });
  });

  it('shows what is left of each limit, without using any of it', async () => {
    const { id, api_key } = await createKey(admin, { rate_limit: { per_minute: 10, per_hour: 100 } });
    await server.as(api_key).get('/whoami').expect(200);
    const windows = [
      { name: 'key-min', limit: 10, remaining: 9, peak_share: null },
      { name: 'key-hour', limit: 100, remaining: 99, peak_share: 0.01 },
    ];
    expect((await healthOf(id)).limit.windows).toEqual(windows);
    expect((await healthOf(id)).limit.windows).toEqual(windows);
  });

  it('says that a revoked key is still called', async () => {
    const { id, api_key } = await createKey(admin);
    await admin.post(`${KEYS}/${id}/revoke`).expect(200);
    await server.as(api_key).get('/whoami').expect(401);
    const { verdict, findings } = await healthOf(id);
    expect(verdict.state).toBe('ended');
    expect(verdict.message).toMatch(/^Revoked on .+\. It is still called: 1 request denied in the last 7 days\.$/);
    expect(findings).toEqual([]);
  });

  it('is the same for the partner of the org, and refused to all other partners and orgs', async () => {
    const { id } = await createKey(admin);
    const path = `/partner/v1/orgs/${org.id}/api-keys/${id}/health`;
    expect((await server.as(org.partner.key).get(path).expect(200)).body).toEqual(await healthOf(id));
    await server
      .as((await server.newPartner()).key)
      .get(path)
      .expect(403);
    await admin.get(`${KEYS}/${UNKNOWN_ID}/health`).expect(404);
    const other = await signedInAs(server, await server.newOrg(), 'Admin');
    await other.get(`${KEYS}/${id}/health`).expect(404);
  });
});
