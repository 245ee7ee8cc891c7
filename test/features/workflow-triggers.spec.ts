import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SlaBreaches } from '../../src/resources/conversations/sla-policies/sla-breaches.service.js';
import { Conversations } from '../support/conversations.js';
import { SqlCount } from '../support/sql-count.js';
import { changeBySql } from '../support/sql-change.js';
import { TestServer, type TestOrg } from '../support/start-app.js';
import { UNKNOWN_ID } from '../support/unknown-id.js';
import { until } from '../support/until.js';
import { NO_OP, type ShownWorkflow, tagBlock, webhookPath, WorkflowsOf } from '../support/workflows.js';

const PER_MINUTE = 40;
const UNAUTHORIZED = { statusCode: 401, message: 'Unauthorized', error: 'Unauthorized' };
const NOT_FOUND = { statusCode: 404, message: 'Webhook not found', error: 'Not Found', code: 'not_found' };
const NO_SCOPE = {
  statusCode: 403,
  message: 'This API key does not have the required scope: "workflows:trigger".',
};

const server = TestServer.forSuite({ LIMIT_PUBLIC_TRIGGER_PER_MINUTE: String(PER_MINUTE) });
let here: Conversations;
let flows: WorkflowsOf;

beforeAll(async () => {
  here = await Conversations.of(server);
  flows = new WorkflowsOf(here.client);
  await here.client.put('/tags').send({ tag_name: 'vip' }).expect(200);
});

const bearer = (key: string) => ({ Authorization: `Bearer ${key}` });
const keyOf = async (org: TestOrg, settings: object = {}) => (await server.newOrgKey(org, settings)).key;

async function revokedKey(): Promise<string> {
  const { id, key } = await server.newOrgKey(here.org);
  await server.as(key).get('/whoami').expect(200);
  await server.as(here.org.partner.key).delete(`/partner/v1/orgs/${here.org.id}/api-keys/${id}`).expect(204);
  return key;
}

async function expiredKey(): Promise<string> {
  const expires_at = new Date(Date.now() + 500).toISOString();
  const key = await keyOf(here.org, { expires_at });
  await until('the key has expired', async () => (await server.as(key).get('/whoami')).status === 401);
  return key;
}

type Headers = Readonly<Record<string, string>>;
const CALLERS: readonly [string, () => Promise<Headers>, number, object?][] = [
  ['no Authorization', async () => ({}), 401, UNAUTHORIZED],
  ['an Authorization that is none', async () => ({ Authorization: 'Basic eDp5' }), 401, UNAUTHORIZED],
  ['a malformed key', async () => bearer('ocx_live_nonsense'), 401, UNAUTHORIZED],
  ['a key of a partner', async () => bearer(here.org.partner.key), 401, UNAUTHORIZED],
  ['an expired key', async () => bearer(await expiredKey()), 401, UNAUTHORIZED],
  ['a revoked key', async () => bearer(await revokedKey()), 401, UNAUTHORIZED],
  [
    'a key from an address that it is not for',
    async () => bearer(await keyOf(here.org, { allowed_ips: ['203.0.113.7'] })),
    403,
    { statusCode: 403, message: 'IP address 127.0.0.1 is not allowed.', code: 'ip_not_allowed' },
  ],
  [
    'a key with read and write but not trigger',
    async () => bearer(await keyOf(here.org, { scopes: ['workflows:read', 'workflows:write'] })),
    403,
    NO_SCOPE,
  ],
  ['a key with trigger', async () => bearer(await keyOf(here.org, { scopes: ['workflows:trigger'] })), 202],
  ['a key with full access', async () => bearer(await keyOf(here.org)), 202],
  ['a key of another org', async () => bearer(await keyOf(await server.newOrg())), 404, NOT_FOUND],
];

describe.each(['public', 'private'] as const)('a %s webhook', (access_control) => {
  let path: string;
  beforeAll(async () => {
    const workflow = await flows.active({ trigger_configuration: { access_control }, workflow_blocks: NO_OP });
    path = webhookPath(workflow);
  });

  it.each(CALLERS)('called with %s', async (_who, headersOf, privateStatus, privateBody) => {
    const answer = await server.http
      .post(path)
      .set(await headersOf())
      .send({});
    const [status, body] =
      access_control === 'public' || privateStatus === 202
        ? [202, { run_id: expect.any(String) as string }]
        : [privateStatus, privateBody];
    expect({ status: answer.status, body: answer.body as object }).toEqual({ status, body });
    const window = status === 202 && (access_control === 'public' ? '"public-trigger-min";q=40' : '"key-min";q=');
    if (window) expect(answer.headers['ratelimit-policy']).toContain(window);
  });
});

it.each<[string, () => Promise<string>]>([
  ['an unknown token', async () => `/workflows/webhooks/${'0'.repeat(64)}`],
  ['what is no token', async () => '/workflows/webhooks/x'],
  ['an inactive workflow', async () => webhookPath(await flows.create())],
  [
    'a workflow that something else sets off now',
    async () => {
      const workflow = await flows.active();
      const change = { trigger_type: 'ticket-created' };
      await here.client.patch(`/workflows/${workflow.workflow_id}`).send(change).expect(200);
      await flows.activate(workflow);
      return webhookPath(workflow);
    },
  ],
])('%s is 404 with any credential', async (_what, pathOf) => {
  const path = await pathOf();
  for (const [, headersOf] of CALLERS) {
    const answer = await server.http
      .post(path)
      .set(await headersOf())
      .send({});
    expect({ status: answer.status, body: answer.body as object }).toEqual({ status: 404, body: NOT_FOUND });
    expect(answer.headers['www-authenticate']).toBeUndefined();
  }
});

it('the active version decides who may call the webhook, not the latest', async () => {
  const workflow = await flows.active({ workflow_blocks: NO_OP });
  const change = { trigger_configuration: { access_control: 'public' } };
  await here.client.patch(`/workflows/${workflow.workflow_id}`).send(change).expect(200);
  const call = (status: number) => server.http.post(webhookPath(workflow)).send({}).expect(status);
  await call(401);
  await flows.activate(workflow);
  await call(202);
  await flows.activate(workflow, { version_number: 1 });
  await call(401);
});

it('a public webhook accepts exactly the limit per minute, for each client and each webhook', async () => {
  const open = { trigger_configuration: { access_control: 'public' }, workflow_blocks: NO_OP };
  const [path, other] = [webhookPath(await flows.active(open)), webhookPath(await flows.active(open))];
  const from = (address: string, at = path) => server.http.post(at).set('X-Forwarded-For', address).send({});
  const statuses = await Promise.all(Array.from({ length: PER_MINUTE + 5 }, () => from('203.0.113.7')));
  expect(statuses.filter(({ status }) => status === 202)).toHaveLength(PER_MINUTE);
  const refused = await from('203.0.113.7').set(bearer(await keyOf(here.org)));
  expect(refused.status).toBe(429);
  expect(refused.body).toEqual({
    statusCode: 429,
    message: `Rate limit exceeded: ${PER_MINUTE} requests per minute.`,
    code: 'rate_limited',
  });
  expect(refused.headers).toMatchObject({
    'ratelimit-policy': `"public-trigger-min";q=${PER_MINUTE};w=60`,
    ratelimit: expect.stringMatching(/^"public-trigger-min";r=0;t=\d+$/) as string,
    'retry-after': expect.stringMatching(/^\d+$/) as string,
  });
  await from('203.0.113.8').expect(202);
  await from('203.0.113.7', other).expect(202);
});

it('a webhook accepts any JSON of at most 256 KiB', async () => {
  const path = webhookPath(await flows.active({ workflow_blocks: NO_OP }));
  const send = (body: string, type = 'application/json') =>
    here.client
      .post(path)
      .set('Content-Type', type)
      .serialize((text: unknown) => text as string)
      .send(body);
  for (const body of ['[]', '[1,{"a":null}]', '"text"', 'null', '7', 'true', '', `"${'x'.repeat(256 * 1024 - 2)}"`]) {
    await send(body).expect(202);
  }
  await send(`"${'x'.repeat(256 * 1024 - 1)}"`).expect(413);
  for (const body of ['{', '{"a":"\\u0000"}', '\0', `${'['.repeat(33)}${']'.repeat(33)}`]) await send(body).expect(400);
  for (const number of ['8202522731445525542', '1e400', '0.12345678901234567891']) {
    const { body } = await send(`{"order":[{"id":${number}}]}`).expect(400);
    expect(body.errors).toEqual([{ field: 'order.0.id', message: body.message }]);
  }
  await send('a=b', 'application/x-www-form-urlencoded').expect(415);
  await here.client.post(`${path}?utm_source=mail`).send({}).expect(400);
});

it('the same Idempotency-Key starts one run', async () => {
  const workflow = await flows.active({
    trigger_configuration: { access_control: 'public' },
    workflow_blocks: NO_OP,
  });
  const call = () => server.http.post(webhookPath(workflow)).set('Idempotency-Key', 'order-17').send({ order: 17 });
  const first = await call().expect(202);
  expect((await call().expect(202)).body).toEqual(first.body);
  expect(await flows.runs(workflow)).toHaveLength(1);
});

it('webhooks of the orgs of an inactive partner are refused, public ones too', async () => {
  const other = await Conversations.of(server);
  const open = { trigger_configuration: { access_control: 'public' }, workflow_blocks: NO_OP };
  const path = webhookPath(await new WorkflowsOf(other.client).active(open));
  await server.http.post(path).send({}).expect(202);
  await changeBySql(server, 'UPDATE partners SET is_active = false WHERE id = $1', [other.org.partner.id]);
  await server.http.post(path).send({}).expect(401);
});

describe('an event of the org', () => {
  /** A workflow for each trigger in a separate org. It tags the session with the name of the trigger. */
  const byTrigger = new Map<string, ShownWorkflow>();
  let events: WorkflowsOf;
  let of: Conversations;

  const TRIGGERS = [
    'ticket-created',
    'ticket-resolved',
    'ticket-handoff',
    'csat-score-submit',
    'sla-first-reply-breached',
    'sla-resolution-breached',
  ];
  beforeAll(async () => {
    of = await Conversations.of(server);
    events = new WorkflowsOf(of.client);
    for (const trigger_type of TRIGGERS) {
      await of.client.put('/tags').send({ tag_name: trigger_type }).expect(200);
      const workflow_blocks = [tagBlock('tag', trigger_type)];
      byTrigger.set(trigger_type, await events.active({ trigger_type, workflow_blocks }));
    }
  });

  it('starts the workflows that wait for it, and the session lists the run', async () => {
    const targets = { first_reply_seconds: 3_600, resolution_seconds: 7_200 };
    await of.client.post('/sla/policies').send({ name: 'All', targets }).expect(201);
    const session = await of.start();
    await of.handOff(session, ['prohibited_topic']);
    await server.database.pool.query(
      `UPDATE sla_clocks SET due_at = now() - interval '1 minute' WHERE session_id = $1`,
      [session],
    );
    await server.app.get(SlaBreaches).record();
    await of.setStatus(session, 'closed_resolved');
    await of.client.post('/csat/scores').send({ session_id: session, score: 5 }).expect(201);
    const isTagged = async () => ((await of.read(session))['tags'] as string[]).length === TRIGGERS.length;
    await until('every workflow has run', isTagged, { everyMs: 50 });
    const runs = await Promise.all(TRIGGERS.map((trigger) => events.ended(byTrigger.get(trigger)!)));
    expect(runs.map(({ status, trigger_cause }) => [status, trigger_cause])).toEqual(
      TRIGGERS.map(() => ['completed', 'automatic']),
    );
    const triggered = (await of.history(session)).filter(({ event }) => event.type === 'workflow_triggered');
    const expected = TRIGGERS.map((trigger, index) => {
      return { workflow_id: byTrigger.get(trigger)!.workflow_id, run_id: runs[index]!.id };
    });
    expect(triggered.map(({ event }) => event.context)).toEqual(expect.arrayContaining(expected));
  });

  it('has the session and contact as they were at the time', async () => {
    const email = 'ada@example.com';
    const contact_id = (
      (await of.client.post('/contacts').send({ contact: { email } }).expect(201)).body as { id: string }
    ).id;
    await of.client
      .put('/tags')
      .send({ tag_name: `${email} by sms` })
      .expect(200);
    const workflow = await events.active({
      trigger_type: 'ticket-created',
      workflow_blocks: [tagBlock('tag', '{{trigger.contact.email}} by {{trigger.session.channel}}')],
    });
    const session = await of.start({ contact_id, channel: { type: 'sms' } });
    expect(await events.ended(workflow)).toMatchObject({ status: 'completed', error: null });
    expect(await of.read(session)).toMatchObject({ tags: expect.arrayContaining([`${email} by sms`]) as string[] });
    await of.client.post(`/workflows/${workflow.workflow_id}/deactivate`).expect(200);
  });

  it('that is rolled back starts no run', async () => {
    const workflow = byTrigger.get('ticket-created')!;
    const before = (await events.runs(workflow)).length;
    await of.client.post('/chat/sessions').send({ contact_id: UNKNOWN_ID }).expect(404);
    expect(await events.runs(workflow)).toHaveLength(before);
  });
});

describe('contact-created', () => {
  let sql: SqlCount;
  let number = 0;
  beforeAll(() => {
    sql = SqlCount.start();
  });
  afterAll(() => sql.stop());

  const add = ({ client }: Conversations) =>
    client
      .post('/contacts')
      .send({ contact: { email: `contact-${number++}@example.com` } })
      .expect(201);
  const costOf = async (org: Conversations) => (await sql.during(() => add(org))).length;

  it('adds no cost without a waiting workflow, and is never missed with one', async () => {
    const neighbour = await Conversations.of(server);
    await Promise.all([add(here), add(neighbour)]);
    expect(await costOf(here)).toBe(1);

    const workflow = await flows.active({ trigger_type: 'contact-created', workflow_blocks: NO_OP });
    const haveRun = async (count: number) => {
      const runs = await flows.runs(workflow);
      return runs.length === count && runs.every(({ status }) => status === 'completed');
    };
    await Promise.all([add(here), add(here)]);
    await until('both have run', () => haveRun(2));
    await add(neighbour);
    expect(await costOf(neighbour)).toBe(1);

    await here.client.post(`/workflows/${workflow.workflow_id}/deactivate`).expect(200);
    await add(here);
    expect(await costOf(here)).toBe(1);
    await flows.activate(workflow);
    await add(here);
    await until('it has run again', () => haveRun(3));
    await here.client.delete(`/workflows/${workflow.workflow_id}`).expect(204);
    await add(here);
    expect(await costOf(here)).toBe(1);
  });
});
