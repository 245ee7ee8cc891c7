import { describe, expect, it } from 'vitest';
import { type BurstAnswer, burst, burstOf, rateLimitStanding, statusCounts } from '../support/burst.js';
import { TestServer } from '../support/start-app.js';
import { newKeyPair } from '../support/stored-keys.js';

// An empty setting selects the default.
const server = TestServer.forSuite({
  LIMIT_ORG_KEY_PER_MINUTE: '',
  LIMIT_ORG_KEY_PER_HOUR: '',
  LIMIT_AGENT_KEY_PER_MINUTE: '',
  LIMIT_AGENT_KEY_PER_HOUR: '',
  LIMIT_SESSION_PER_MINUTE: '',
});

const bearer = (key: string) => ({ Authorization: `Bearer ${key}` });
const whoami = (key: string) => ({ path: '/whoami', headers: bearer(key) });
const refused = (answers: readonly BurstAnswer[]) => answers.filter(({ status }) => status === 429);

describe('a key', () => {
  it('has 1,000 requests a minute and 10,000 an hour, an agent key 60 and 1,000', async () => {
    const org = await server.newOrg();
    const { key } = await server.newOrgKey(org);
    const pair = await newKeyPair(server, org.id);
    const agent = { path: '/whoami', headers: { 'X-API-Key': pair.key, 'X-API-Secret': pair.secret } };
    const [asOrg, asAgent] = await burst(server.url, [whoami(key), agent]);
    expect(asOrg!.headers.get('ratelimit-policy')).toBe('"key-min";q=1000;w=60, "key-hour";q=10000;w=3600');
    expect(asOrg!.headers.get('ratelimit')).toBe('"key-min";r=999;t=60, "key-hour";r=9999;t=3600');
    expect(asAgent!.headers.get('ratelimit-policy')).toBe('"key-min";q=60;w=60, "key-hour";q=1000;w=3600');
    expect(statusCounts(await burstOf(server.url, 70, agent))).toEqual({ 200: 59, 429: 11 });
  });

  it('has its own limits, and a refusal by the minute is not charged to the hour', async () => {
    const org = await server.newOrg();
    const limited = await server.newOrgKey(org, { rate_limit: { per_minute: 5, per_hour: 50 } });
    const other = await server.newOrgKey(org, { rate_limit: { per_minute: 5, per_hour: 50 } });
    const answers = await burstOf(server.url, 20, whoami(limited.key));
    expect(statusCounts(answers)).toEqual({ 200: 5, 429: 15 });
    const last = refused(answers).at(-1)!;
    expect(JSON.parse(last.body).message).toBe('Rate limit exceeded: 5 requests per minute.');
    expect(rateLimitStanding(last, 'key-hour').r).toBe(45);
    expect(statusCounts(await burstOf(server.url, 5, whoami(other.key)))).toEqual({ 200: 5 });
  });

  it('gets the limit of the hour and its Retry-After when the hour is exceeded', async () => {
    const { key } = await server.newOrgKey(await server.newOrg(), { rate_limit: { per_minute: 9, per_hour: 4 } });
    const answers = await burstOf(server.url, 6, whoami(key));
    expect(statusCounts(answers)).toEqual({ 200: 4, 429: 2 });
    const [full] = refused(answers);
    expect(JSON.parse(full!.body).message).toBe('Rate limit exceeded: 4 requests per hour.');
    expect(Number(full!.headers.get('retry-after'))).toBeGreaterThan(3_500);
    expect(rateLimitStanding(full!, 'key-min').r).toBe(5);
  });

  it('is refused limits above the maximum and below one', async () => {
    const org = await server.newOrg();
    const create = (rate_limit: object) =>
      server.as(org.partner.key).post(`/partner/v1/orgs/${org.id}/api-keys`).send({ rate_limit });
    await create({ per_minute: 1_000, per_hour: 10_000 }).expect(201);
    for (const [rateLimit, message] of [
      [{ per_minute: 1_001 }, 'rate_limit.per_minute must not be greater than 1000'],
      [{ per_hour: 10_001 }, 'rate_limit.per_hour must not be greater than 10000'],
      [{ per_minute: 0 }, 'rate_limit.per_minute must not be less than 1'],
      [{ per_minute: 1.5 }, 'rate_limit.per_minute must be an integer number'],
      [{ per_hour: '5' }, 'rate_limit.per_hour must be an integer number'],
    ] as const) {
      const { body } = await create(rateLimit).expect(400);
      expect(body).toEqual({ statusCode: 400, message });
    }
  });
});

describe('a session', () => {
  it('has 300 requests a minute, separate from other sessions of the same person', async () => {
    const org = await server.newOrg();
    const [one, other] = [await server.newSession(org), await server.newSession(org)];
    const ask = (session: string) => ({ path: '/session', headers: { Cookie: `gatehouse_session=${session}` } });
    const answers = await burstOf(server.url, 320, ask(one));
    expect(statusCounts(answers)).toEqual({ 200: 300, 429: 20 });
    expect(answers[0]!.headers.get('ratelimit-policy')).toBe('"session-min";q=300;w=60');
    expect(statusCounts(await burst(server.url, [ask(one), ask(other)]))).toEqual({ 200: 1, 429: 1 });
  });
});

describe('RateLimit headers', () => {
  it('are on every response after the limiter, including refusals, and on none before it', async () => {
    const org = await server.newOrg();
    const scoped = await server.newOrgKey(org, { scopes: ['teams:read'] });
    const elsewhere = await server.newOrgKey(org, { allowed_ips: ['203.0.113.0/24'] });
    const answers = await burst(server.url, [
      { path: '/tags', headers: bearer(scoped.key) },
      { path: '/partner/v1/orgs/unknown', headers: bearer(org.partner.key) },
      { path: '/partner/v1/orgs', method: 'POST', body: {}, headers: bearer(org.partner.key) },
      whoami(elsewhere.key),
      whoami('unknown'),
      { path: '/healthz' },
    ]);
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 400, 403, 401, 200]);
    expect(answers.map(({ headers }) => headers.has('ratelimit'))).toEqual([true, true, true, false, false, false]);
  });
});
