import { describe, expect, it } from 'vitest';
import { burst, type BurstAnswer, burstOf, type BurstRequest, statusCounts } from '../support/burst.js';
import { TestServer, type TestOrg } from '../support/start-app.js';
import { until } from '../support/until.js';

/** Allows for a thousand requests and their clients in one process on a busy machine. */

const server = TestServer.forSuite();

const bearer = (key: string) => ({ Authorization: `Bearer ${key}` });

async function count(sql: string, ...values: unknown[]): Promise<number> {
  return Number((await server.database.pool.query(`select count(*) ${sql}`, values)).rows[0].count);
}

/** The highest number of concurrent requests in the server during `work`. */
async function mostAtOnce(work: () => Promise<unknown>): Promise<number> {
  let [underway, most] = [0, 0];
  const begin = (_request: unknown, response: { once(event: 'close', listener: () => void): void }) => {
    most = Math.max(most, ++underway);
    response.once('close', () => void underway--);
  };
  const httpServer = server.app.getHttpServer();
  httpServer.on('request', begin);
  await work().finally(() => httpServer.off('request', begin));
  return most;
}

const isServed = ({ status }: BurstAnswer) => status !== 503;

/** Sends a thousand equal requests at once. Those that a busy server answers with 503 are retried. */
async function rush(request: BurstRequest): Promise<BurstAnswer[]> {
  const served: BurstAnswer[] = [];
  while (served.length < 1_000) {
    const answers = await burstOf(server.url, 1_000 - served.length, request, '/readyz');
    served.push(...answers.filter(isServed));
  }
  return served;
}

async function newLoginLink(org: TestOrg, email: string): Promise<string> {
  const { body } = await server
    .as(org.partner.key)
    .post(`/partner/v1/orgs/${org.id}/login-links`)
    .send({ email })
    .expect(201);
  const { pathname, search } = new URL((body as { url: string }).url);
  return pathname + search;
}

describe('a thousand concurrent requests', () => {
  it('that create an org with one external_id: one 201, 999 times 409, one org', async () => {
    const partner = await server.newPartner();
    await server.as(partner.key).get('/partner/v1/orgs').expect(200);
    const body = { name: 'Acme Tours', external_id: 'customer-12345' };
    const request = { method: 'POST', path: '/partner/v1/orgs', headers: bearer(partner.key), body };
    let answers: BurstAnswer[] = [];
    const atOnce = await mostAtOnce(async () => void (answers = await rush(request)));
    expect(statusCounts(answers)).toEqual({ 201: 1, 409: 999 });
    expect(atOnce).toBeGreaterThan(900);
    const refusals = new Set(answers.filter(({ status }) => status === 409).map((answer) => answer.body));
    expect([...refusals].map((text) => JSON.parse(text))).toEqual([
      { statusCode: 409, message: 'Org with external_id "customer-12345" already exists' },
    ]);
    expect(await count('from orgs where partner_id = $1', partner.id)).toBe(1);
  });

  it('that visit one login link: one 303, 999 times 410, one session', async () => {
    const org = await server.newOrg();
    const path = await newLoginLink(org, 'owner@acmetours.example');
    let answers: BurstAnswer[] = [];
    const atOnce = await mostAtOnce(async () => void (answers = await rush({ path })));
    expect(statusCounts(answers)).toEqual({ 303: 1, 410: 999 });
    expect(atOnce).toBeGreaterThan(900);
    expect(answers.filter(({ headers }) => headers.has('set-cookie'))).toHaveLength(1);
    const sessions = 'from sessions s join members m on m.id = s.member_id where m.org_id = $1';
    expect(await count(sessions, org.id)).toBe(1);
  });
});

describe('concurrent requests', () => {
  it('of several people with login links into a new org make exactly one its Owner', async () => {
    const org = await server.newOrg();
    const emails = Array.from({ length: 20 }, (_, index) => `person${index}@acmetours.example`);
    const paths = await Promise.all(emails.map((email) => newLoginLink(org, email)));
    const answers = await burst(
      server.url,
      paths.map((path) => ({ path })),
    );
    expect(statusCounts(answers)).toEqual({ 303: 20 });
    const inRole = 'from members m join roles r on r.id = m.role_id where m.org_id = $1 and r.name = $2';
    expect(await count(inRole, org.id, 'Owner')).toBe(1);
    expect(await count(inRole, org.id, 'Member')).toBe(19);
  });

  it('of one person with several links create one user, one membership and a session each', async () => {
    const org = await server.newOrg();
    const spellings = ['jane@acmetours.example', 'Jane@AcmeTours.example', 'JANE@ACMETOURS.EXAMPLE'];
    const paths = await Promise.all([...spellings, ...spellings].map((email) => newLoginLink(org, email)));
    const answers = await burst(
      server.url,
      paths.map((path) => ({ path })),
    );
    expect(statusCounts(answers)).toEqual({ 303: 6 });
    expect(await count("from users where email ilike 'jane@acmetours.example'")).toBe(1);
    expect(await count('from members where org_id = $1', org.id)).toBe(1);
    expect(await count('from sessions s join members m on m.id = s.member_id where m.org_id = $1', org.id)).toBe(6);
  });

  it('to revoke one key all get 204, with one audit entry', async () => {
    const org = await server.newOrg();
    const { id, key } = await server.newOrgKey(org);
    const path = `/partner/v1/orgs/${org.id}/api-keys/${id}`;
    const answers = await burstOf(server.url, 50, { method: 'DELETE', path, headers: bearer(org.partner.key) });
    expect(statusCounts(answers)).toEqual({ 204: 50 });
    expect(await count("from audit_entries where action = 'api_key.revoked' and target_id = $1", id)).toBe(1);
    await server.as(key).get('/whoami').expect(401);
  });

  it('to archive an org and to create its keys leave no valid key', async () => {
    const org = await server.newOrg();
    const { key } = await server.newOrgKey(org);
    await server.as(key).get('/whoami').expect(200);
    const [headers, path] = [bearer(org.partner.key), `/partner/v1/orgs/${org.id}`];
    const archive = { method: 'DELETE', path, headers };
    const create = { method: 'POST', path: `${path}/api-keys`, headers, body: {} };
    const answers = await burst(server.url, [archive, create, create, archive, create]);
    expect(answers.filter(({ status }) => ![201, 204, 403, 404].includes(status))).toEqual([]);
    const made = answers.filter(({ status }) => status === 201).map(({ body }) => JSON.parse(body).api_key as string);
    for (const each of [key, ...made]) await server.as(each).get('/whoami').expect(401);
  });
});

describe('once a revocation is answered', () => {
  it('all of fifty connections are refused', async () => {
    const org = await server.newOrg();
    for (let round = 0; round < 10; round++) {
      const { id, key } = await server.newOrgKey(org);
      const whoami = { path: '/whoami', headers: bearer(key) };
      expect(statusCounts(await burstOf(server.url, 50, whoami))).toEqual({ 200: 50 });
      await server.as(org.partner.key).delete(`/partner/v1/orgs/${org.id}/api-keys/${id}`).expect(204);
      expect(statusCounts(await burstOf(server.url, 50, whoami))).toEqual({ 401: 50 });
    }
  });

  it('every request is refused under continuous load', async () => {
    const org = await server.newOrg();
    const { id, key } = await server.newOrgKey(org);
    const agent = server.as(key);
    let answeredAtMs = Infinity;
    const late: number[] = [];
    let served = 0;
    const ask = async () => {
      for (let last = false; !last;) {
        const startedAtMs = performance.now();
        last = startedAtMs > answeredAtMs;
        const { status } = await agent.get('/whoami');
        if (status === 200) served++;
        if (last) late.push(status);
      }
    };
    const asking = Promise.all(Array.from({ length: 50 }, ask));
    await until('a request is served', () => served > 0);
    await server.as(org.partner.key).delete(`/partner/v1/orgs/${org.id}/api-keys/${id}`).expect(204);
    answeredAtMs = performance.now();
    await asking;
    expect(late).toEqual(Array(50).fill(401));
  });
});
