import { describe, expect, it } from 'vitest';
import { type BurstRequest, burst, rateLimitStanding, statusCounts } from '../support/burst.js';
import { Conversations } from '../support/conversations.js';
import { TestServer, type TestOrg, type TestPartner } from '../support/start-app.js';
import { newKeyPair } from '../support/stored-keys.js';
import { NO_OP, webhookPath, WorkflowsOf } from '../support/workflows.js';

const PER_MINUTE = 60;
const PER_HOUR = 90;
const OF_PARTNER = 100;
const OF_WEBHOOK = 50;
const OF_WEBHOOKS = 70;

const server = TestServer.forSuite({
  LIMIT_ORG_PER_MINUTE: String(PER_MINUTE),
  LIMIT_ORG_PER_HOUR: String(PER_HOUR),
  LIMIT_PARTNER_ORGS_PER_MINUTE: String(OF_PARTNER),
  LIMIT_WEBHOOK_PER_MINUTE: String(OF_WEBHOOK),
  LIMIT_ORG_WEBHOOKS_PER_MINUTE: String(OF_WEBHOOKS),
});

const whoami = (key: string): BurstRequest => ({ path: '/whoami', headers: { Authorization: `Bearer ${key}` } });
const refusalOf = (limit: number) => ({
  statusCode: 429,
  message: `Rate limit exceeded: ${limit} requests per minute.`,
  code: 'rate_limited',
});
const bodiesOf429 = (answers: Awaited<ReturnType<typeof burst>>) =>
  new Set(answers.filter(({ status }) => status === 429).map(({ body }) => JSON.stringify(JSON.parse(body))));

async function newKeys(org: TestOrg, count: number, perMinute = 50): Promise<string[]> {
  const rate_limit = { per_minute: perMinute };
  return Promise.all(Array.from({ length: count }, async () => (await server.newOrgKey(org, { rate_limit })).key));
}

const each = (keys: readonly string[], times: number) =>
  Array.from({ length: keys.length * times }, (_, index) => whoami(keys[index % keys.length]!));

describe('the keys of an org', () => {
  it('share one limit, which concurrent requests with many keys cannot exceed', async () => {
    const org = await server.newOrg();
    const pair = await newKeyPair(server, org.id);
    const agent = { path: '/whoami', headers: { 'X-API-Key': pair.key, 'X-API-Secret': pair.secret } };
    const answers = await burst(server.url, [
      ...each(await newKeys(org, 9), 10),
      ...Array.from({ length: 10 }, () => agent),
    ]);
    expect(statusCounts(answers)).toEqual({ 200: PER_MINUTE, 429: 100 - PER_MINUTE });
    expect(bodiesOf429(answers)).toEqual(new Set([JSON.stringify(refusalOf(PER_MINUTE))]));
  });

  it('are not charged for refusals by the limit of the org', async () => {
    const org = await server.newOrg();
    const [one, other] = await newKeys(org, 2);
    await burst(server.url, [...each([one!], 40), ...each([other!], 20)]);
    const [refused] = await burst(server.url, [whoami(other!)]);
    expect(refused!.status).toBe(429);
    expect(rateLimitStanding(refused!, 'key-min').r).toBe(30);
    expect(rateLimitStanding(refused!, 'org-min')).toEqual({ r: 0, t: Number(refused!.headers.get('retry-after')) });
    expect(refused!.headers.get('ratelimit-policy')).toContain(`"org-min";q=${PER_MINUTE};w=60`);
  });

  it('have the limit of the org in RateLimit headers once it is the closest', async () => {
    const org = await server.newOrg();
    const [key] = await newKeys(org, 1, 50);
    const others = await newKeys(org, 2, 50);
    const [before] = await burst(server.url, [whoami(key!)]);
    expect(before!.headers.get('ratelimit-policy')).toBe('"key-min";q=50;w=60, "key-hour";q=1000000;w=3600');
    expect(before!.headers.get('ratelimit')).not.toContain('org');
    await burst(server.url, each(others, 10));
    const [after] = await burst(server.url, [whoami(key!)]);
    expect(after!.headers.get('ratelimit-policy')).toBe(
      `"key-min";q=50;w=60, "key-hour";q=1000000;w=3600, "org-min";q=${PER_MINUTE};w=60`,
    );
    expect(rateLimitStanding(after!, 'org-min').r).toBe(PER_MINUTE - 22);
  });

  it('do not limit the sessions of the org, which can revoke a noisy key', async () => {
    const org = await server.newOrg();
    const session = await server.newSession(org);
    const [key, other] = await newKeys(org, 2);
    await burst(server.url, each([key!, other!], 40));
    await server.signedIn(session).get('/manage/v1/api-keys').expect(200);
  });
});

it('the keys of all orgs of a partner share one limit', async () => {
  const partner: TestPartner = await server.newPartner();
  const orgs = [await server.newOrg(partner), await server.newOrg(partner), await server.newOrg(partner)];
  const keys = await Promise.all(orgs.map(async (org) => (await newKeys(org, 1))[0]!));
  const [stranger] = await newKeys(await server.newOrg(), 1);
  const answers = await burst(server.url, each(keys, 40));
  expect(statusCounts(answers)).toEqual({ 200: OF_PARTNER, 429: 120 - OF_PARTNER });
  expect(bodiesOf429(answers)).toEqual(new Set([JSON.stringify(refusalOf(OF_PARTNER))]));
  expect(statusCounts(await burst(server.url, [whoami(stranger!)]))).toEqual({ 200: 1 });
  await server.as(partner.key).get('/partner/v1/orgs').expect(200);
});

describe('public webhooks', () => {
  const open = { trigger_configuration: { access_control: 'public' }, workflow_blocks: NO_OP };
  const fromEverywhere = (path: string, count: number): BurstRequest[] =>
    Array.from({ length: count }, (_, index) => ({
      method: 'POST',
      path,
      body: {},
      headers: { 'X-Forwarded-For': `2001:db8:0:${index.toString(16)}::1` },
    }));

  it('have one limit for all addresses, and one for all webhooks of the org', async () => {
    const here = await Conversations.of(server);
    const flows = new WorkflowsOf(here.client);
    const [one, other] = [webhookPath(await flows.active(open)), webhookPath(await flows.active(open))];
    const first = await burst(server.url, fromEverywhere(one, 2 * OF_WEBHOOK));
    expect(statusCounts(first)).toEqual({ 202: OF_WEBHOOK, 429: OF_WEBHOOK });
    expect(bodiesOf429(first)).toEqual(new Set([JSON.stringify(refusalOf(OF_WEBHOOK))]));
    const second = await burst(server.url, fromEverywhere(other, 40));
    expect(statusCounts(second)).toEqual({ 202: OF_WEBHOOKS - OF_WEBHOOK, 429: 40 - (OF_WEBHOOKS - OF_WEBHOOK) });
    expect(bodiesOf429(second)).toEqual(new Set([JSON.stringify(refusalOf(OF_WEBHOOKS))]));
  });

  it('do not limit those of another org', async () => {
    const [busy, quiet] = [await Conversations.of(server), await Conversations.of(server)];
    const path = webhookPath(await new WorkflowsOf(busy.client).active(open));
    await burst(server.url, fromEverywhere(path, OF_WEBHOOK + 1));
    const others = webhookPath(await new WorkflowsOf(quiet.client).active(open));
    expect(statusCounts(await burst(server.url, fromEverywhere(others, OF_WEBHOOK)))).toEqual({ 202: OF_WEBHOOK });
  });
});
