import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { OPERATOR } from '../../src/kit/audit/actor.js';
import { Partners } from '../../src/tenancy/partners/partners.service.js';
import { TestServer, type TestOrg } from '../support/start-app.js';
import { newKeyPair } from '../support/stored-keys.js';
import { until } from '../support/until.js';

const TOKEN = 'a-token-for-the-metrics';
const ELSEWHERE = { 'X-Forwarded-For': '203.0.113.7' };
const NOT_FOUND = { statusCode: 404, message: 'Route not found', error: 'Not Found', code: 'route_not_found' };

const server = TestServer.forSuite({ METRICS_TOKEN: TOKEN, LIMIT_LOGIN_LINKS_PER_MINUTE: '1' });
let org: TestOrg;
let key: string;
beforeAll(async () => {
  org = await server.newOrg();
  ({ key } = await server.newOrgKey(org));
});

const scrape = async (from = server) => (await from.http.get('/metrics').expect(200)).text;
/** Values by `name{label="value",…}`. */
async function samples(from = server): Promise<ReadonlyMap<string, number>> {
  const lines = (await scrape(from)).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines
      .map((line) => /^(.*) (\S+)$/.exec(line)!.slice(1) as [string, string])
      .map(([id, value]) => [id, Number(value)]),
  );
}
/** The increase of each sample during `meanwhile`. */
async function growthOf(ids: readonly string[], meanwhile: () => Promise<unknown>): Promise<number[]> {
  const before = await samples();
  await meanwhile();
  const after = await samples();
  return ids.map((id) => (after.get(id) ?? 0) - (before.get(id) ?? 0));
}

describe('GET /metrics', () => {
  it('is served to this machine and with the token only', async () => {
    await server.http
      .get('/metrics')
      .expect(200)
      .expect('content-type', /^text\/plain; version=0\.0\.4/);
    // A local proxy also connects from this machine, so a forwarded request needs the token.
    for (const header of ['X-Forwarded-For', 'Forwarded', 'X-Real-IP']) {
      await server.http.get('/metrics').set(header, '127.0.0.1').expect(404, NOT_FOUND);
      await server.as(TOKEN).get('/metrics').set(header, '127.0.0.1').expect(200);
    }
    await server.as(TOKEN).get('/metrics').set(ELSEWHERE).expect(200);
    await server.http.get('/metrics').set(ELSEWHERE).expect(404, NOT_FOUND);
    await server.http.get('/metrics').set('X-Forwarded-For', 'nonsense').expect(404, NOT_FOUND);
    for (const wrong of [`${TOKEN}x`, TOKEN.slice(1), TOKEN.toUpperCase(), key, 'undefined']) {
      await server.as(wrong).get('/metrics').set(ELSEWHERE).expect(404, NOT_FOUND);
    }
  });

  it('without a configured token is served to this machine only', async () => {
    const closed = await TestServer.start();
    try {
      await closed.http.get('/metrics').expect(200);
      for (const token of ['undefined', 'null', '', TOKEN]) {
        await closed.as(token).get('/metrics').set(ELSEWHERE).expect(404);
      }
    } finally {
      await closed.close();
    }
  });
});

describe('request metrics', () => {
  it('count by route, audience and status', async () => {
    const ids = [
      'gatehouse_http_requests_total{method="GET",route="/contacts/:id",audience="org",status="404"}',
      'gatehouse_http_requests_total{method="GET",route="/contacts/:id",audience="org",status="401"}',
      'gatehouse_http_requests_total{method="POST",route="/partner/v1/orgs",audience="partner",status="400"}',
      'gatehouse_http_requests_total{method="GET",route="/healthz",audience="public",status="200"}',
      'gatehouse_http_requests_total{method="HEAD",route="/healthz",audience="public",status="200"}',
    ];
    const growth = await growthOf(ids, async () => {
      for (const id of ['1', '2', org.id]) await server.as(key).get(`/contacts/${id}`).expect(404);
      await server.http.get('/contacts/1').expect(401);
      await server.as(org.partner.key).post('/partner/v1/orgs').send({}).expect(400);
      await server.http.get('/healthz').expect(200);
      await server.http.head('/healthz').expect(200);
    });
    expect(growth).toEqual([3, 1, 1, 1, 1]);
  });

  it('have one series for all unknown paths and methods', async () => {
    const id = 'gatehouse_http_requests_total{method="any",route="unmatched",audience="none",status="404"}';
    const [growth] = await growthOf([id], async () => {
      for (const path of ['/nowhere', '/made/up?token=secret', '/contacts/1/2/3'])
        await server.http.get(path).expect(404);
      await server.http.delete('/nowhere').expect(404);
    });
    expect(growth).toBe(4);
    expect(await scrape()).not.toMatch(/nowhere|made/);
  });

  it('have histograms of duration whose buckets add up', async () => {
    await server.as(key).get('/tags').expect(200);
    const all = await samples();
    const count = all.get('gatehouse_http_request_duration_seconds_count{method="GET",route="/tags"}')!;
    const sum = all.get('gatehouse_http_request_duration_seconds_sum{method="GET",route="/tags"}')!;
    const buckets = [...all]
      .filter(([id]) => id.startsWith('gatehouse_http_request_duration_seconds_bucket{method="GET",route="/tags"'))
      .map(([, value]) => value);
    expect(buckets).toHaveLength(14);
    expect(buckets).toEqual([...buckets].sort((one, other) => one - other));
    expect(buckets.at(-1)).toBe(count);
    expect(sum).toBeGreaterThan(0);
    expect(sum).toBeLessThan(60);
  });
});

describe('refusals by guards', () => {
  const refusals = (guard: string, reason: string) =>
    `gatehouse_guard_refusals_total{guard="${guard}",reason="${reason}"}`;

  it('are counted by guard and reason', async () => {
    const { key: elsewhere } = await server.newOrgKey(org, { allowed_ips: ['198.51.100.1'] });
    const { key: scoped } = await server.newOrgKey(org, { scopes: ['tags:read'] });
    const inactive = await server.newPartner();
    await server.app.get(Partners).update(OPERATOR, inactive.id, { is_active: false });
    const links = () => server.as(org.partner.key).post(`/partner/v1/orgs/${org.id}/login-links`);
    await links().send({ email: 'a@example.com' }).expect(201);
    const ids = [
      refusals('Authentication', 'unauthorized'),
      refusals('Network', 'ip_not_allowed'),
      refusals('PartnerActive', 'unauthorized'),
      refusals('RateLimit', 'rate_limited'),
      refusals('Scope', 'scope_missing'),
    ];
    const growth = await growthOf(ids, async () => {
      await server.as('nonsense').get('/tags').expect(401);
      await server
        .as(`${key.slice(0, -4)}AAAA`)
        .get('/tags')
        .expect(401);
      await server.as(elsewhere).get('/tags').expect(403);
      await server.as(inactive.key).get('/partner/v1/orgs').expect(401);
      await links().send({ email: 'b@example.com' }).expect(429);
      await server.as(scoped).get('/contacts').expect(403);
    });
    expect(growth).toEqual([2, 1, 1, 1, 1]);
  });
});

describe('metrics of caches and connections', () => {
  it('count cache look-ups by result', async () => {
    const { key: fresh } = await server.newOrgKey(org);
    const id = (result: string) => `gatehouse_credential_cache_lookups_total{result="${result}"}`;
    const growth = await growthOf([id('miss'), id('hit'), id('deaf')], async () => {
      for (let request = 0; request < 3; request++) await server.as(fresh).get('/tags').expect(200);
    });
    expect(growth).toEqual([1, 2, 0]);
  });

  it('count one argon2 run per secret', async () => {
    const pair = await newKeyPair(server, org.id);
    const ids = ['gatehouse_argon2_verifications_total', 'gatehouse_argon2_waiting'];
    const growth = await growthOf(ids, async () => {
      for (let request = 0; request < 3; request++) {
        await server.http.get('/whoami').set({ 'X-API-Key': pair.key, 'X-API-Secret': pair.secret }).expect(200);
      }
    });
    expect(growth).toEqual([1, 0]);
  });

  it('have the lease, the pool and the mode of rate limits', async () => {
    let all = await samples();
    // A busy process loses its trust for a moment.
    await until('the lease is trusted', async () => (all = await samples()).get('gatehouse_lease_trusted') === 1);
    expect(all.get('gatehouse_lease_age_seconds')).toBeLessThan(1.8);
    expect(all.get('gatehouse_credential_cache_entries')).toBeGreaterThan(0);
    const [busy, idle] = ['busy', 'idle'].map((state) =>
      all.get(`gatehouse_database_pool_connections{state="${state}"}`)!,
    );
    expect(busy! + idle!).toBe(server.database.pool.totalCount);
    expect(all.get('gatehouse_database_pool_waiting')).toBe(0);
    const mode = (name: string) => all.get(`gatehouse_rate_limit_mode{mode="${name}"}`);
    expect([mode('memory'), mode('redis'), mode('away')]).toEqual([1, 0, 0]);
  });

  it('count jobs by name and state', async () => {
    const states = () =>
      samples().then((all) =>
        [...all.keys()].flatMap((id) => /^gatehouse_jobs\{job="[\w-]+",state="(\w+)"\}$/.exec(id)?.[1] ?? []),
      );
    await expect
      .poll(async () => [...new Set(await states())].sort())
      .toEqual(['active', 'deferred', 'failed', 'ready']);
  });

  it('tell a lost Redis from an unconfigured one', async () => {
    const alone = await TestServer.start({ REDIS_URL: 'redis://127.0.0.1:1' });
    try {
      const all = await samples(alone);
      expect(all.get('gatehouse_rate_limit_mode{mode="away"}')).toBe(1);
      expect(all.get('gatehouse_rate_limit_mode{mode="memory"}')).toBe(0);
    } finally {
      await alone.close();
    }
  });
});

it('no label holds an id, a key or an address', async () => {
  const { key: other, id } = await server.newOrgKey(org, { name: 'Named key' });
  await server.as(other).get(`/contacts/${org.id}`).set(ELSEWHERE).expect(404);
  await server.as(org.partner.key).get(`/partner/v1/orgs/${org.id}`).expect(200);
  await server.http.get(`/partner-login?token=${'a'.repeat(64)}`).expect(410);
  const text = await scrape();
  const secrets = [other, key, id, org.id, org.partner.id, org.partner.key, 'Named key', '203.0.113.7', 'aaaa', TOKEN];
  expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
  expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/);
});

it('every query of the Grafana dashboard and every alert uses existing metrics and labels', async () => {
  const text = await scrape();
  const known = new Set(
    [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].flatMap(([, name, type]) =>
      type === 'histogram' || type === 'summary' ? ['_bucket', '_sum', '_count'].map((part) => name! + part) : [name!],
    ),
  );
  // The label that Prometheus adds.
  const labels = new Set(['instance', ...[...text.matchAll(/(\w+)="/g)].map(([, label]) => label!)]);
  const [dashboard, operations] = ['grafana-dashboard.json', 'operations.md'].map((name) =>
    readFileSync(join(import.meta.dirname, '../../docs', name), 'utf8'),
  );
  const metrics = operations!.slice(operations!.indexOf('\n## Metrics'));
  const queries = [...metrics.matchAll(/`([^`]*\b(?:gatehouse|nodejs|process)_[^`]*)`/g)].map(([, query]) => query!);
  expect(queries.length).toBeGreaterThan(5);
  JSON.parse(dashboard!, (name, value: unknown) => {
    if ((name === 'expr' || name === 'query') && typeof value === 'string' && value.includes('_')) queries.push(value);
    return value;
  });
  expect(queries.length).toBeGreaterThan(20);
  const asked = queries.flatMap((query) =>
    [...query.matchAll(/\b(gatehouse|nodejs|process)_\w+/g)].map(([name]) => name),
  );
  expect(asked.filter((name) => !known.has(name))).toEqual([]);
  expect(queries.filter((query) => !/\b(gatehouse|nodejs|process)_/.test(query))).toEqual([]);
  const used = queries.flatMap((query) =>
    [...query.matchAll(/by \(([^)]*)\)|(\w+)=~?"/g)].flatMap(([, by, label]) => (by ?? label!).split(', ')),
  );
  expect([...new Set(used)].filter((label) => !labels.has(label))).toEqual([]);
});
