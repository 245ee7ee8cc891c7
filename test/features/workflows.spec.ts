import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inSurroundingTransaction } from '../../src/core/database/transaction.js';
import { DomainEventBus } from '../../src/kit/domain-events/domain-event-bus.js';
import { WorkflowTriggers } from '../../src/resources/automation/workflows/workflow-triggers.service.js';
import { Conversations } from '../support/conversations.js';
import { DnsServer } from '../support/dns-server.js';
import { PUBLIC_URL, TestServer } from '../support/start-app.js';
import { ownDomain } from '../support/sender-domains.js';
import { StubServer } from '../support/stub-server.js';
import { UNKNOWN_ID } from '../support/unknown-id.js';
import { until } from '../support/until.js';
import { tagBlock, webhookPath, WorkflowsOf } from '../support/workflows.js';

const handoffBlock = (id: string) => ({ kind: 'action', id, type: 'handoff', name: 'To people', input: {} });
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

let server: TestServer;
let api: StubServer;
let dns: DnsServer;
let here: Conversations;
let flows: WorkflowsOf;
const told: string[] = [];

beforeAll(async () => {
  api = await StubServer.start('127.0.0.1');
  dns = await DnsServer.start();
  const OUTBOUND_ALLOWED_HOSTS = `127.0.0.1:${api.port}`;
  server = await TestServer.start({ OUTBOUND_ALLOWED_HOSTS, DNS_SERVERS: dns.address });
  const bus = server.app.get(DomainEventBus);
  for (const name of ['workflow.run.succeeded', 'workflow.run.failed'] as const) {
    bus.listen(name, async (_, { runId }) => void told.push(`${name} ${runId}`));
  }
  here = await Conversations.of(server);
  flows = new WorkflowsOf(here.client);
  for (const name of ['vip', 'late']) await here.client.put('/tags').send({ tag_name: name }).expect(200);
});
afterAll(() => Promise.all([server.close(), api.close(), dns.stop()]));

async function newTeam(): Promise<string> {
  const { body } = await here.client
    .post('/teams')
    .send({ name: `Team ${Math.random()}`, is_support_enabled: true })
    .expect(201);
  return (body as { id: string }).id;
}

async function call(workflow: Parameters<typeof webhookPath>[0], body: object = {}): Promise<string> {
  const answer = await here.client.post(webhookPath(workflow)).send(body).expect(202);
  return (answer.body as { run_id: string }).run_id;
}

it('an update creates a new version, and the active version keeps running', async () => {
  const first = await flows.create({ description: 'Of new sessions' });
  expect(first).toEqual({
    id: expect.any(Number),
    workflow_id: expect.any(String),
    name: 'Triage',
    description: 'Of new sessions',
    is_active: false,
    active_version_number: null,
    trigger_type: 'webhook',
    version_number: 1,
    workflow_blocks: [tagBlock('tag', 'vip')],
    trigger_configuration: { access_control: 'private' },
    activated_by: null,
    webhook_url: expect.stringMatching(new RegExp(`^${PUBLIC_URL}/workflows/webhooks/[0-9a-f]{64}$`)),
    created_at: expect.stringMatching(INSTANT),
    updated_at: expect.stringMatching(INSTANT),
  });
  const path = `/workflows/${first.workflow_id}`;
  expect(await flows.activate(first)).toMatchObject({ id: first.id, is_active: true, active_version_number: 1 });
  const second = (await here.client.patch(path).send({ name: 'Triage all', description: null }).expect(200)).body;
  expect(second).toMatchObject({
    workflow_id: first.workflow_id,
    name: 'Triage all',
    description: null,
    version_number: 2,
    is_active: false,
    active_version_number: 1,
    workflow_blocks: first['workflow_blocks'],
    webhook_url: first.webhook_url,
  });
  expect(second.id).toBeGreaterThan(first.id);
  expect((await here.client.get(path).expect(200)).body).toEqual(second);
  expect((await here.client.patch(path).send({}).expect(200)).body).toEqual(second);

  const session_id = await here.start();
  await call(first, { session_id });
  expect(await flows.ended(first)).toMatchObject({ workflow_id: first.id, status: 'completed' });

  expect(await flows.activate(first)).toMatchObject({ version_number: 2, is_active: true });
  expect(await flows.activate(first, { version_number: 1 })).toMatchObject({ version_number: 1, is_active: true });
  const deactivate = (body: object = {}) => here.client.post(`${path}/deactivate`).send(body).expect(200);
  const untouched = { version_number: 2, is_active: false, active_version_number: 1 };
  expect((await deactivate({ version_number: 2 })).body).toMatchObject(untouched);
  expect((await deactivate()).body).toMatchObject({ version_number: 1, active_version_number: null });
  expect((await deactivate()).body).toMatchObject({ version_number: 2, active_version_number: null });
  await here.client.post(webhookPath(first)).send({}).expect(404);
  const none = await here.client.post(`${path}/activate`).send({ version_number: 3 }).expect(404);
  expect(none.body).toMatchObject({ message: 'Workflow version not found' });
});

it('concurrent updates each create a version', async () => {
  const { workflow_id } = await flows.create();
  const changes = Array.from({ length: 8 }, (_, index) =>
    here.client
      .patch(`/workflows/${workflow_id}`)
      .send({ name: `Change ${index}` })
      .expect(200),
  );
  const numbers = (await Promise.all(changes)).map(({ body }) => (body as { version_number: number }).version_number);
  expect(numbers.toSorted((one, other) => one - other)).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
});

it('workflows are listed with their latest version, within the org', async () => {
  const other = await Conversations.of(server);
  const theirs = new WorkflowsOf(other.client);
  const created = await theirs.create({ trigger_type: 'contact-created', workflow_blocks: [] });
  expect(created).toMatchObject({ webhook_url: null, trigger_configuration: null });
  const webhook = await theirs.active();
  const ids = async (query: string) => (await other.items(`/workflows${query}`)).map(({ id }) => id);
  expect(await ids('')).toEqual([webhook.id, created.id]);
  expect(await ids('?is_active=true')).toEqual([webhook.id]);
  expect(await ids('?is_active=false')).toEqual([created.id]);
  expect(await ids('?trigger_type=contact-created')).toEqual([created.id]);
  const { next } = (await other.client.get('/workflows?limit=1').expect(200)).body as { next: string };
  expect(await ids(`?limit=1&cursor=${next}`)).toEqual([created.id]);
  for (const id of [webhook.workflow_id, UNKNOWN_ID, 'x']) {
    const path = `/workflows/${id}`;
    const requests = [
      here.client.get(path),
      here.client.patch(path).send({ name: 'Mine' }),
      here.client.post(`${path}/activate`),
      here.client.post(`${path}/deactivate`),
      here.client.get(`${path}/runs`),
      here.client.delete(path),
    ];
    const messages = (await Promise.all(requests.map((request) => request.expect(404)))).map(
      ({ body }) => body as object,
    );
    expect(messages).toEqual(messages.map(() => expect.objectContaining({ message: 'Workflow not found' })));
    await here.client.get(`${path}/runs/${UNKNOWN_ID}`).expect(404);
  }
});

it('an invalid workflow is a 400 that names the field', async () => {
  const refused = async (fields: object) => {
    const body = { name: 'Triage', trigger_type: 'webhook', workflow_blocks: [], ...fields };
    return ((await here.client.post('/workflows').send(body).expect(400)).body as { message: string }).message;
  };
  expect(await refused({ trigger_type: 'fax' })).toMatch(/^trigger_type must be one of/);
  expect(await refused({ workflow_blocks: {} })).toBe('workflow_blocks must be a list of blocks');
  expect(await refused({ workflow_blocks: [tagBlock('a', 'x'), tagBlock('a', 'y')] })).toBe(
    'workflow_blocks.1.id must be unique in the workflow',
  );
  expect(await refused({ trigger_configuration: { access_control: 'open' } })).toMatch(
    /^trigger_configuration\.access_control must be one of/,
  );
  expect(await refused({ trigger_configuration: { colour: 'red' } })).toBe(
    'trigger_configuration.colour is not a known field',
  );
  const workflow = await flows.create({
    trigger_type: 'contact-created',
    workflow_blocks: [tagBlock('a', '{{b.tags}}'), { ...tagBlock('b', ''), input: {} }],
  });
  const { body } = await here.client.post(`/workflows/${workflow.workflow_id}/activate`).expect(400);
  expect((body as { errors: { message: string }[] }).errors.map(({ message }) => message)).toEqual([
    'workflow_blocks.0.input has {{b.tags}}, which does not refer to an earlier action',
    'workflow_blocks.0.input.session_id is required: contact-created has no session',
    'workflow_blocks.1.input.tag_name is required',
    'workflow_blocks.1.input.session_id is required: contact-created has no session',
  ]);
  expect((await here.client.get(`/workflows/${workflow.workflow_id}`)).body).toMatchObject({ is_active: false });
});

it('a run executes its blocks in order, and later blocks can use earlier results', async () => {
  const team_id = await newTeam();
  const session_id = await here.start();
  const decide = (id: string, left: unknown, then: object[], otherwise: object[] = []) => ({
    kind: 'if_else',
    id,
    condition: { operator: 'contains', left, right: 'vip' },
    then,
    else: otherwise,
  });
  const workflow = await flows.active({
    workflow_blocks: [
      tagBlock('tag', '{{trigger.tags.0}}'),
      decide(
        'is-vip',
        '{{tag.tags}}',
        [
          {
            kind: 'action',
            id: 'team',
            type: 'assign_team',
            name: 'To the team',
            input: { team_id: '{{trigger.team}}' },
          },
          decide('again', 'nothing', [tagBlock('never', 'unknown')], [tagBlock('late', 'late')]),
        ],
        [tagBlock('nor', 'unknown')],
      ),
      {
        kind: 'action',
        id: 'people',
        type: 'handoff',
        name: 'To people',
        input: { reasons: ['prohibited_topic'], summary: 'For {{team.team_id}}', session_id: '{{tag.session_id}}' },
      },
    ],
  });
  const runId = await call(workflow, { session_id, tags: ['vip'], team: team_id });
  const run = await flows.ended(workflow);
  expect(run).toEqual({
    id: runId,
    workflow_id: workflow.id,
    status: 'completed',
    trigger_cause: 'manual',
    error: null,
    is_test_run: false,
    run_started_at: expect.stringMatching(INSTANT),
    run_ended_at: expect.stringMatching(INSTANT),
    duration_in_seconds: expect.any(Number),
    created_at: expect.stringMatching(INSTANT),
  });
  expect(await here.read(session_id)).toMatchObject({
    tags: ['late', 'vip'],
    team: { id: team_id },
    handoff: { reasons: ['prohibited_topic'], summary: `For ${team_id}` },
  });
  const path = `/workflows/${workflow.workflow_id}/runs`;
  const whole = { ...run, steps: expect.any(Array) as object[] };
  expect((await here.client.get(`${path}/${runId}`).expect(200)).body).toEqual(whole);
  const count = async (query: string) => (await flows.runs(workflow, query)).length;
  expect(await count('?status=completed,failed&trigger_cause=manual')).toBe(1);
  expect(await count('?status=failed,canceled')).toBe(0);
  await here.client.get(`${path}?status=completed,lost`).expect(400);
  expect(told).toContain(`workflow.run.succeeded ${runId}`);
});

it.each<[string, (session_id: string) => object, string]>([
  ['an unknown tag', (session_id) => tagBlock('tag', 'unknown', { session_id }), 'tag: Tag not found'],
  [
    'an unknown session',
    () => tagBlock('tag', 'vip', { session_id: '{{trigger.unknown}}' }),
    'tag: Chat session not found',
  ],
  ['no session', () => tagBlock('tag', 'vip'), 'tag: session_id is in neither its input nor the trigger.'],
  [
    'a reference to nothing',
    (session_id) => tagBlock('tag', '{{trigger.tag}}', { session_id }),
    'tag: tag_name must be a string',
  ],
])('%s fails the run with its reason', async (_what, blockFor, error) => {
  const workflow_blocks = [blockFor(await here.start()), tagBlock('next', 'late')];
  const workflow = await flows.active({ workflow_blocks });
  const runId = await call(workflow, { unknown: UNKNOWN_ID });
  expect(await flows.ended(workflow)).toMatchObject({ id: runId, status: 'failed', error });
  expect(told).toContain(`workflow.run.failed ${runId}`);
  const { rows } = await server.database.pool.query(
    'SELECT FROM workflow_run_steps WHERE run_id = $1 AND result IS NOT NULL',
    [runId],
  );
  expect(rows).toEqual([]);
});

it('a failed block rolls back its own changes only', async () => {
  const session_id = await here.start();
  const workflow_blocks = [handoffBlock('one'), tagBlock('two', 'unknown'), tagBlock('tag', 'vip')];
  const workflow = await flows.active({ workflow_blocks });
  await call(workflow, { session_id });
  expect(await flows.ended(workflow)).toMatchObject({ status: 'failed', error: 'two: Tag not found' });
  expect(await here.read(session_id)).toMatchObject({ handoff: { reasons: ['based_on_instructions'] }, tags: [] });
});

it('a handoff block does nothing to a session that is handed off', async () => {
  const session_id = await here.start();
  await here.handOff(session_id, ['prohibited_topic']);
  const workflow = await flows.active({ workflow_blocks: [handoffBlock('handoff'), tagBlock('tag', 'vip')] });
  await call(workflow, { session_id });
  expect(await flows.ended(workflow)).toMatchObject({ status: 'completed' });
  expect(await here.read(session_id)).toMatchObject({ handoff: { reasons: ['prohibited_topic'] }, tags: ['vip'] });
});

describe('call_action', () => {
  let action_id: string;
  beforeAll(async () => {
    const action = {
      name: 'Look up an order',
      api_endpoint: `${api.url}/orders/{order_id}`,
      request_type: 'GET',
      payload: {
        parameters: [{ name: 'order_id', in: 'path', required: true, schema: { type: 'string' } }],
        responses: { 200: { description: 'The order' } },
      },
    };
    action_id = ((await here.client.post('/actions').send(action).expect(201)).body as { id: string }).id;
  });
  const blocks = (input: object = {}) => [
    {
      kind: 'action',
      id: 'order',
      type: 'call_action',
      name: 'Look it up',
      input: { action_id, input: { order_id: '{{trigger.order}}' }, ...input },
    },
    tagBlock('tag', '{{order.body.tags.0}}'),
  ];
  const lastSeen = () => api.seen.at(-1)!;

  it('makes the API response available to later blocks', async () => {
    api.answers(200, { tags: ['late'] });
    const workflow = await flows.active({ workflow_blocks: blocks() });
    const session_id = await here.start();
    const runId = await call(workflow, { session_id, order: 'A/17' });
    expect(await flows.ended(workflow)).toMatchObject({ status: 'completed' });
    expect(lastSeen()).toMatchObject({ method: 'GET', path: '/orders/A%2F17' });
    expect(lastSeen().headers['idempotency-key']).toBe(`${runId}.order`);
    expect(await here.read(session_id)).toMatchObject({ tags: ['late'] });
  });

  it('retries a 503 with the same key, and shows the attempt', async () => {
    const before = api.seen.length;
    api.answers(503);
    const workflow = await flows.active({ workflow_blocks: blocks() });
    await call(workflow, { session_id: await here.start(), order: '17' });
    const isNoted = async () => (await flows.runs(workflow))[0]!.error !== null;
    await until('the first try has failed', isNoted, { everyMs: 20 });
    expect(await flows.runs(workflow)).toMatchObject([
      { status: 'in_progress', error: 'order: The API answered 503.' },
    ]);
    api.answers(200, { tags: ['late'] });
    expect(await flows.ended(workflow)).toMatchObject({ status: 'completed', error: null });
    const keys = api.seen.slice(before).map(({ headers }) => headers['idempotency-key']);
    expect([keys.length > 1, new Set(keys).size]).toEqual([true, 1]);
  });

  it('fails the run with the error of the last attempt', async () => {
    api.answers(500);
    const workflow = await flows.active({ workflow_blocks: blocks() });
    const token = webhookPath(workflow).split('/').at(-1)!;
    await inSurroundingTransaction(server.database.dataSource, async (manager) => {
      const { run_id } = await server.app.get(WorkflowTriggers).call({ orgId: here.org.id }, token, { order: '17' });
      await manager.query(`UPDATE pgboss.job SET retry_limit = 0 WHERE data ->> 'id' = $1`, [run_id]);
    });
    expect(await flows.ended(workflow)).toMatchObject({ status: 'failed', error: 'order: The API answered 500.' });
  });

  it.each<[string, number, object, object, string]>([
    ['an answer of 404', 404, {}, { order: '17' }, 'order: The API answered 404.'],
    ['a parameter too few', 200, {}, {}, 'order: Look up an order: order_id is required'],
    [
      'an unknown action',
      200,
      { action_id: '{{trigger.unknown}}' },
      { order: '17', unknown: UNKNOWN_ID },
      'order: The action does not exist.',
    ],
    ['an answer past all bounds', 200, {}, { order: 'long' }, 'order: its result has more than 262144 characters.'],
  ])('%s fails the run at once', async (_what, status, input, body, error) => {
    api.answers(status, { tags: 'order' in body && body.order === 'long' ? ['x'.repeat(300_000)] : [] });
    const workflow = await flows.active({ workflow_blocks: blocks(input) });
    await call(workflow, body);
    expect(await flows.ended(workflow)).toMatchObject({ status: 'failed', error });
  });
});

it('send_email stores a mail with the step, and escapes quoted values', async () => {
  await ownDomain(here.client, dns, 'acme.example');
  const input = {
    from_email: 'bookings@acme.example',
    to_email: '{{trigger.email}}',
    email_sender_name: 'Acme Tours',
    email_subject: 'Welcome, {{trigger.name}}',
    email_body: '<p>{{trigger.name}}</p>',
  };
  const block = { kind: 'action', id: 'mail', type: 'send_email', name: 'Welcome them', input };
  const workflow = await flows.active({ workflow_blocks: [block] });
  await call(workflow, { email: 'ada@example.com', name: '<b>Ada</b>' });
  expect(await flows.ended(workflow)).toMatchObject({ status: 'completed' });
  const mails = `SELECT to_email, subject, html FROM mail_messages JOIN mail_bodies ON mail_bodies.id = body_id`;
  const { rows } = await server.database.pool.query(mails);
  expect(rows).toEqual([
    { to_email: 'ada@example.com', subject: 'Welcome, <b>Ada</b>', html: '<p>&#60;b&#62;Ada&#60;/b&#62;</p>' },
  ]);
  // A quoted value is no text of an author.
  const quoting = await flows.active({ workflow_blocks: [block] });
  await call(quoting, { email: 'eve@example.com', name: '{{contact.email}} {{' });
  expect(await flows.ended(quoting)).toMatchObject({ status: 'completed' });
  const quoted = `SELECT subject, may_merge FROM mail_messages WHERE to_email = 'eve@example.com'`;
  expect((await server.database.pool.query(quoted)).rows).toEqual([
    { subject: 'Welcome, {{contact.email}} {{', may_merge: false },
  ]);
  const foreign = { ...block, input: { ...input, from_email: 'bookings@other.example' } };
  const failing = await flows.active({ workflow_blocks: [foreign] });
  await call(failing, { email: 'ada@example.com', name: 'Ada' });
  const error = 'mail: from_email must use a verified domain: see PUT /email/domains';
  expect(await flows.ended(failing)).toMatchObject({ status: 'failed', error });
});

it('deleting a workflow deletes its versions, runs and webhook', async () => {
  const workflow = await flows.active();
  await call(workflow);
  await flows.ended(workflow);
  await here.client.delete(`/workflows/${workflow.workflow_id}`).expect(204);
  await here.client.delete(`/workflows/${workflow.workflow_id}`).expect(404);
  await here.client.post(webhookPath(workflow)).send({}).expect(404);
  const left = await server.database.pool.query(
    `SELECT FROM workflow_versions WHERE workflow_id = $1 UNION ALL SELECT FROM workflow_runs WHERE workflow_uuid = $1`,
    [workflow.workflow_id],
  );
  expect(left.rows).toEqual([]);
});

it('creating, activating and deactivating a workflow are audited', async () => {
  const workflow = await flows.active();
  await here.client.post(`/workflows/${workflow.workflow_id}/deactivate`).expect(200);
  const { rows } = await server.database.pool.query(
    'SELECT action, actor_type, target_name FROM audit_entries WHERE target_id = $1 ORDER BY id',
    [workflow.workflow_id],
  );
  const entry = (action: string) => ({ action, actor_type: 'api_key', target_name: 'Triage, version 1' });
  expect(rows).toEqual(['created', 'activated', 'deactivated'].map((verb) => entry(`workflow.${verb}`)));
});

it('a run of an org that is archived before it begins is canceled', async () => {
  const other = await Conversations.of(server);
  const workflow = await new WorkflowsOf(other.client).active();
  const token = webhookPath(workflow).split('/').at(-1)!;
  const { dataSource, pool } = server.database;
  const { run_id } = await inSurroundingTransaction(dataSource, async (manager) => {
    await manager.query('UPDATE orgs SET archived_at = now() WHERE id = $1', [other.org.id]);
    return server.app.get(WorkflowTriggers).call({ orgId: other.org.id }, token, {});
  });
  const statusOf = async () => (await pool.query('SELECT status FROM workflow_runs WHERE id = $1', [run_id])).rows[0];
  await until('the run is canceled', async () => (await statusOf())?.status === 'canceled');
  await server.http.post(webhookPath(workflow)).send({}).expect(404);
});
