import { describe, expect, it } from 'vitest';
import { ApiKeys } from '../../src/tenancy/api-keys/api-keys.service.js';
import { OPERATOR } from '../../src/kit/audit/actor.js';
import {
  type BurstAnswer,
  type BurstRequest,
  burst,
  burstOf,
  rateLimitStanding,
  statusCounts,
} from '../support/burst.js';
import { TestServer } from '../support/start-app.js';

/** Empty settings select the defaults. */
const DEFAULT_LIMITS = {
  LIMIT_PARTNER_PER_MINUTE: '',
  LIMIT_LOGIN_LINKS_PER_MINUTE: '',
  LIMIT_ORG_CREATE_PER_MINUTE: '',
};

const server = TestServer.forSuite(DEFAULT_LIMITS);

const bearer = (key: string) => ({ Authorization: `Bearer ${key}` });
const orgsOf = (key: string): BurstRequest => ({ path: '/partner/v1/orgs?limit=1', headers: bearer(key) });

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

    const left = passed(answers).map((answer) => rateLimitStanding(answer, 'partner-min').r);
    expect(left.sort(numerically)).toEqual(upTo(100));
    expect(new Set(answers.map(({ headers }) => headers.get('ratelimit-policy')))).toEqual(
      new Set(['"partner-min";q=100;w=60']),
    );
    for (const answer of refused(answers)) {
      expect(JSON.parse(answer.body)).toEqual({
        statusCode: 429,
        message: 'Rate limit exceeded: 100 requests per minute.',
        code: 'rate_limited',
      });
      const { r, t } = rateLimitStanding(answer, 'partner-min');
      expect(r).toBe(0);
      expect(t).toBeLessThanOrEqual(60);
      expect(answer.headers.get('retry-after')).toBe(String(t));
      expect(t).toBeGreaterThan(0);
    }
  });

  it('has one request less left after each request, and at least zero', async () => {
    const { key } = await server.newPartner();
    const left: number[] = [];
    for (let request = 0; request < 103; request++) {
      const [answer] = await burst(server.url, [orgsOf(key)]);
      left.push(rateLimitStanding(answer!, 'partner-min').r);
    }
    expect(left).toEqual([...upTo(100).reverse(), 0, 0, 0]);
  });

  it('has 30 login links a minute, each charged to both windows, and refusals are charged to none', async () => {
    const { key, link } = await newPartnerWithOrg();
    const answers = await burstOf(server.url, 50, link);
    expect(statusCounts(answers)).toEqual({ 201: 30, 429: 20 });
    expect(answers[0]!.headers.get('ratelimit-policy')).toBe('"partner-min";q=100;w=60, "login-links-min";q=30;w=60');
    expect(new Set(refused(answers).map(({ body }) => body))).toEqual(
      new Set(['{"statusCode":429,"message":"Rate limit exceeded: 30 requests per minute.","code":"rate_limited"}']),
    );
    expect(
      passed(answers)
        .map((answer) => rateLimitStanding(answer, 'login-links-min').r)
        .sort(numerically),
    ).toEqual(upTo(30));
    const [next] = await burst(server.url, [orgsOf(key)]);
    // The org, 30 links and this request count.
    expect(rateLimitStanding(next!, 'partner-min').r).toBe(100 - 32);
  });

  it('has no login-link window after a refusal by the partner window', async () => {
    const { key, link } = await newPartnerWithOrg();
    await burstOf(server.url, 99, orgsOf(key));
    const [answer] = await burst(server.url, [link]);
    expect(answer!.status).toBe(429);
    expect(JSON.parse(answer!.body).message).toBe('Rate limit exceeded: 100 requests per minute.');
    expect(rateLimitStanding(answer!, 'login-links-min')).toEqual({ r: 30, t: 60 });
  });

  it('has 60 new orgs a minute, each charged to both windows', async () => {
    const { key } = await server.newPartner();
    const create = { method: 'POST', path: '/partner/v1/orgs', headers: bearer(key), body: { name: 'Acme Tours' } };
    const answers = await burstOf(server.url, 80, create);
    expect(statusCounts(answers)).toEqual({ 201: 60, 429: 20 });
    expect(JSON.parse(refused(answers)[0]!.body).message).toBe('Rate limit exceeded: 60 requests per minute.');
    const [next] = await burst(server.url, [orgsOf(key)]);
    expect(rateLimitStanding(next!, 'partner-min').r).toBe(100 - 61);
  });

  it('is not limited by another partner', async () => {
    const [one, other] = [await server.newPartner(), await server.newPartner()];
    await burstOf(server.url, 101, orgsOf(one.key));
    expect(statusCounts(await burst(server.url, [orgsOf(one.key), orgsOf(other.key)]))).toEqual({ 200: 1, 429: 1 });
  });
});
