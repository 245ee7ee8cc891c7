import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiKeys } from '../../src/api-keys/api-keys.service.js';
import { OPERATOR } from '../../src/audit/actor.js';
import { type BurstAnswer, type BurstRequest, burst, burstOf, statusCounts } from '../support/burst.js';
import { TestServer } from '../support/start-app.js';
import { newKeyPair } from '../support/stored-keys.js';

/** Left empty, a setting has its default. */
const DEFAULT_LIMITS = {
  LIMIT_PARTNER_PER_MINUTE: '',
  LIMIT_LOGIN_LINKS_PER_MINUTE: '',
  LIMIT_ORG_CREATE_PER_MINUTE: '',
  LIMIT_ORG_KEY_PER_MINUTE: '',
  LIMIT_ORG_KEY_PER_HOUR: '',
  LIMIT_SESSION_PER_MINUTE: '',
};

let server: TestServer;
beforeAll(async () => {
  server = await TestServer.start(DEFAULT_LIMITS);
});
afterAll(() => server.close());

const bearer = (key: string) => ({ Authorization: `Bearer ${key}` });
const orgsOf = (key: string): BurstRequest => ({ path: '/partner/v1/orgs?limit=1', headers: bearer(key) });
const whoami = (key: string): BurstRequest => ({ path: '/whoami', headers: bearer(key) });

/** The parameters of one window in a RateLimit header: `{ r: 99, t: 60 }`. */
function standing(answer: Pick<BurstAnswer, 'headers'>, window: string): { r: number; t: number } {
  const found = new RegExp(`"${window}";r=(\\d+);t=(\\d+)(,|$)`).exec(answer.headers.get('ratelimit') ?? '');
  return { r: Number(found?.[1] ?? NaN), t: Number(found?.[2] ?? NaN) };
}

const passed = (answers: readonly BurstAnswer[]) => answers.filter(({ status }) => status < 300);
const refused = (answers: readonly BurstAnswer[]) => answers.filter(({ status }) => status === 429);
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);
const numerically = (one: number, other: number) => one - other;

async function newPartnerWithOrg() {
  const org = await server.newOrg();
  const headers = bearer(org.partner.key);
  const link: BurstRequest = {
    method: 'POST',
    path: `/partner/v1/orgs/${org.id}/login-links`,
    headers,
    body: { email: 'jane@acmetours.example' },
  };
  return { org, key: org.partner.key, link };
}

describe('a partner', () => {
  it('has 100 requests a minute: of 300 at once exactly 100 pass, whichever of its keys they use', async () => {
    const { key, id } = await server.newPartner();
    const { token: other } = await server.app.get(ApiKeys).createForPartner(OPERATOR, id);
    const answers = await burst(
      server.url,
      upTo(300).map((index) => orgsOf(index % 2 === 0 ? key : other)),
    );
    expect(statusCounts(answers)).toEqual({ 200: 100, 429: 200 });

    const left = passed(answers).map((answer) => standing(answer, 'partner-min').r);
    expect(left.sort(numerically)).toEqual(upTo(100));
    expect(new Set(answers.map(({ headers }) => headers.get('ratelimit-policy')))).toEqual(
      new Set(['"partner-min";q=100;w=60']),
    );
    for (const answer of refused(answers)) {
      expect(JSON.parse(answer.body)).toEqual({
        statusCode: 429,
        message: 'Rate limit exceeded: 100 requests per minute.',
      });
      const { r, t } = standing(answer, 'partner-min');
      expect(r).toBe(0);
      expect(t).toBeLessThanOrEqual(60);
      expect(answer.headers.get('retry-after')).toBe(String(t));
      expect(t).toBeGreaterThan(0);
    }
  });

  it('has less left with each request, and never less than none', async () => {
    const { key } = await server.newPartner();
    const left: number[] = [];
    for (let request = 0; request < 103; request++) {
      const [answer] = await burst(server.url, [orgsOf(key)]);
      left.push(standing(answer!, 'partner-min').r);
    }
    expect(left).toEqual([...upTo(100).reverse(), 0, 0, 0]);
  });

  it('has 30 login links a minute, each charged to both windows, and what is refused burns neither', async () => {
    const { key, link } = await newPartnerWithOrg();
    const answers = await burstOf(server.url, 50, link);
    expect(statusCounts(answers)).toEqual({ 201: 30, 429: 20 });
    expect(answers[0]!.headers.get('ratelimit-policy')).toBe('"partner-min";q=100;w=60, "login-links-min";q=30;w=60');
    expect(new Set(refused(answers).map(({ body }) => body))).toEqual(
      new Set(['{"statusCode":429,"message":"Rate limit exceeded: 30 requests per minute."}']),
    );
    expect(
      passed(answers)
        .map((answer) => standing(answer, 'login-links-min').r)
        .sort(numerically),
    ).toEqual(upTo(30));
    const [next] = await burst(server.url, [orgsOf(key)]);
    // One org, 30 links and this request.
    expect(standing(next!, 'partner-min').r).toBe(100 - 32);
  });

  it('starts no login-link window with what the partner window refuses', async () => {
    const { key, link } = await newPartnerWithOrg();
    await burstOf(server.url, 99, orgsOf(key));
    const [answer] = await burst(server.url, [link]);
    expect(answer!.status).toBe(429);
    expect(JSON.parse(answer!.body).message).toBe('Rate limit exceeded: 100 requests per minute.');
    expect(standing(answer!, 'login-links-min')).toEqual({ r: 30, t: 60 });
  });

  it('has 60 new orgs a minute, each charged to both windows', async () => {
    const { key } = await server.newPartner();
    const create = { method: 'POST', path: '/partner/v1/orgs', headers: bearer(key), body: { name: 'Acme Tours' } };
    const answers = await burstOf(server.url, 80, create);
    expect(statusCounts(answers)).toEqual({ 201: 60, 429: 20 });
    expect(JSON.parse(refused(answers)[0]!.body).message).toBe('Rate limit exceeded: 60 requests per minute.');
    const [next] = await burst(server.url, [orgsOf(key)]);
    expect(standing(next!, 'partner-min').r).toBe(100 - 61);
  });

  it('is not held up by another partner', async () => {
    const [one, other] = [await server.newPartner(), await server.newPartner()];
    await burstOf(server.url, 101, orgsOf(one.key));
    expect(statusCounts(await burst(server.url, [orgsOf(one.key), orgsOf(other.key)]))).toEqual({ 200: 1, 429: 1 });
  });
});

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

  it('has the limits it was given, by itself: those over the minute leave the hour alone', async () => {
    const org = await server.newOrg();
    const limited = await server.newOrgKey(org, { rate_limit: { per_minute: 5, per_hour: 50 } });
    const other = await server.newOrgKey(org, { rate_limit: { per_minute: 5, per_hour: 50 } });
    const answers = await burstOf(server.url, 20, whoami(limited.key));
    expect(statusCounts(answers)).toEqual({ 200: 5, 429: 15 });
    const last = refused(answers).at(-1)!;
    expect(JSON.parse(last.body).message).toBe('Rate limit exceeded: 5 requests per minute.');
    expect(standing(last, 'key-hour').r).toBe(45);
    expect(statusCounts(await burstOf(server.url, 5, whoami(other.key)))).toEqual({ 200: 5 });
  });

  it('is told of the hour, and to wait that long, when the hour is full', async () => {
    const { key } = await server.newOrgKey(await server.newOrg(), { rate_limit: { per_minute: 9, per_hour: 4 } });
    const answers = await burstOf(server.url, 6, whoami(key));
    expect(statusCounts(answers)).toEqual({ 200: 4, 429: 2 });
    const [full] = refused(answers);
    expect(JSON.parse(full!.body).message).toBe('Rate limit exceeded: 4 requests per hour.');
    expect(Number(full!.headers.get('retry-after'))).toBeGreaterThan(3_500);
    expect(standing(full!, 'key-min').r).toBe(5);
  });

  it('can be given no more than the ceiling, and no limit that is none', async () => {
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
  it('has 300 requests a minute, another session of the same person 300 more', async () => {
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
  it('are on every answer past the limiter, refusals too, and on none before it', async () => {
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
