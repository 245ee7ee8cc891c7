import { beforeAll, describe, expect, it } from 'vitest';
import { RouteAudit } from '../../src/access/routes/route-audit.js';
import { TOPIC_MODES } from '../../src/resources/conversations/autopilot/autopilot-topic.entity.js';
import { STEP_TYPES, type StepType } from '../../src/resources/outreach/sequences/sequence-steps.js';
import { ACTION_TYPES, type ActionType } from '../../src/resources/automation/workflows/block.js';
import { BlockExecutors } from '../../src/resources/automation/workflows/blocks/block-executors.js';
import { EVENT_FIELD_SCOPES, type EventField } from '../../src/resources/automation/event-facts/event-facts.js';
import { insertVerifiedDomain } from '../support/sender-domains.js';
import { type Client, type TestOrg, TestServer } from '../support/start-app.js';
import { ifElseBlock } from '../support/workflows.js';

/**
 * The routes whose scopes a workflow block, trigger field, sequence step or autopilot requires, because it does the same
 * without a key. No route runs an action or places a call; the closest routes create an action and record a call.
 */
const DONE_BY_BLOCK: Readonly<Record<ActionType, readonly string[]>> = {
  call_action: ['POST /actions'],
  add_tag: ['PUT /chat/sessions/:session_id/tags/:tag_name'],
  assign_team: ['PUT /chat/sessions/:session_id/assignee'],
  send_email: ['POST /email'],
  handoff: ['POST /chat/sessions/:session_id/handoff'],
};
const READ_BY_FIELD: Readonly<Record<EventField, readonly string[]>> = {
  contact_id: ['GET /contacts'],
  contact: ['GET /contacts/:contact_id'],
  session_id: ['GET /chat/sessions'],
  session: ['GET /chat/sessions/:session_id'],
  status: ['GET /chat/sessions/:session_id'],
  previous_status: ['GET /chat/sessions/:session_id'],
  message_id: ['GET /chat/sessions/:session_id/history'],
  message: ['GET /chat/sessions/:session_id/history'],
  reasons: ['GET /chat/sessions/:session_id'],
  handoff: ['GET /chat/sessions/:session_id'],
  score: ['GET /csat/scores/session/:session_id'],
  comment: ['GET /csat/scores/session/:session_id'],
};
const DONE_BY_STEP: Readonly<Record<StepType, readonly string[]>> = {
  send_emails: ['GET /contacts', 'POST /email'],
  make_phone_calls: ['GET /contacts', 'POST /calls'],
};
const DONE_BY_AUTOPILOT = [
  'GET /chat/sessions/:session_id/history',
  'POST /chat/sessions/:session_id/send',
  'GET /training',
  'GET /knowledge-bases/:id/search',
  'GET /help-center/articles',
  'GET /crawl/:id/pages',
  'GET /org',
];

const INPUTS: Readonly<Record<ActionType, object>> = {
  call_action: { action_id: '{{trigger.action_id}}', input: {} },
  add_tag: { tag_name: 'vip' },
  assign_team: { team_id: '{{trigger.team_id}}' },
  send_email: {
    from_email: 'a@acme.example',
    to_email: 'b@acme.example',
    email_subject: 'Hello',
    email_sender_name: 'Acme',
    email_body: 'Hello',
  },
  handoff: {},
};
const STEPS: Readonly<Record<StepType, object>> = {
  send_emails: {
    from_email: 'a@acme.example',
    email_subject: 'Hello',
    email_body: 'Hello',
    email_sender_name: 'Acme',
    email_is_transactional: false,
  },
  make_phone_calls: {},
};

const server = TestServer.forSuite();
let org: TestOrg;
let full: Client;
beforeAll(async () => {
  org = await server.newOrg();
  full = await server.newClient(org);
});

/** Handlers may name path parameters differently, so only their positions are compared. */
const pattern = (path: string) => path.replace(/:\w+/g, ':');

function scopesOf(routes: readonly string[]): string[] {
  const declared = new Map(
    server.app
      .get(RouteAudit)
      .routes()
      .map(({ method, path, policy }) => [`${method} ${pattern(path)}`, policy!.scope!]),
  );
  return [...new Set(routes.map((name) => declared.get(pattern(name))!))];
}

async function keyWith(scopes: readonly string[], name = 'Scoped') {
  const { id, key } = await server.newOrgKey(org, { name, scopes });
  return { id, client: server.as(key) };
}

interface Asked {
  readonly method: 'post' | 'patch' | 'put';
  readonly path: string;
  readonly body?: object;
}
const ask = (client: Client, { method, path, body = {} }: Asked) => client[method](path).send(body);

/** Asserts that each needed scope is required. */
async function expectRefused(own: readonly string[], needed: readonly string[], asked: Asked): Promise<void> {
  for (const scope of needed) {
    const others = needed.filter((other) => other !== scope);
    const { client } = await keyWith([...own, ...others]);
    const { status, body, headers } = await ask(client, asked);
    expect({ status, body: body as unknown }).toEqual({
      status: 403,
      body: { statusCode: 403, message: `This API key does not have the required scope: "${scope}".` },
    });
    const challenge = `Bearer realm="gatehouse", error="insufficient_scope", scope="${scope}"`;
    expect(headers['www-authenticate']).toBe(challenge);
  }
}

/** As `expectRefused`; a key with all scopes succeeds. Returns the answer and the key. */
async function expectNeeds(own: readonly string[], needed: readonly string[], asked: Asked) {
  await expectRefused(own, needed, asked);
  const name = `With ${needed.join(' ')}`.slice(0, 100).trim();
  const key = await keyWith([...own, ...needed], name);
  const { status, body } = await ask(key.client, asked);
  expect({ status, body: body as unknown }).toMatchObject({ status: expect.toBeOneOf([200, 201]) });
  return { answer: body as Record<string, unknown>, by: { type: 'api_key', id: key.id, name } };
}

const OWN = ['workflows:read', 'workflows:write'];

/** Asserts the scopes of creating, changing and activating a workflow, and that the version names the activating key. */
async function expectWorkflowNeeds(needed: readonly string[], workflow_blocks: object[], trigger_type: string) {
  const workflow = { name: 'Triage', trigger_type, workflow_blocks };
  await expectNeeds(OWN, needed, { method: 'post', path: '/workflows', body: workflow });
  const { body } = await full.post('/workflows').send(workflow).expect(201);
  const path = `/workflows/${(body as { workflow_id: string }).workflow_id}`;
  expect(body).toMatchObject({ activated_by: null });
  const { answer, by } = await expectNeeds(OWN, needed, { method: 'post', path: `${path}/activate` });
  expect(answer).toMatchObject({ is_active: true, version_number: 1, activated_by: by });
  await expectNeeds(OWN, needed, { method: 'patch', path, body: { name: 'Triage all' } });
  const active = await full.post(`${path}/activate`).send({ version_number: 1 }).expect(200);
  expect(active.body).toMatchObject({ activated_by: by });
}

const action = (type: ActionType, input: object) => ({ kind: 'action', id: type, type, name: type, input });

describe('a workflow requires the scopes of its actions:', () => {
  it('every type of block declares the scopes of the routes with the same effect', () => {
    const { byType } = server.app.get(BlockExecutors);
    expect(Object.keys(byType).toSorted()).toEqual([...ACTION_TYPES].toSorted());
    const declared = Object.entries(byType).map(([type, { scopes }]) => [type, [...scopes]]);
    const wanted = Object.entries(DONE_BY_BLOCK).map(([type, routes]) => [type, scopesOf(routes)]);
    expect(Object.fromEntries(declared)).toEqual(Object.fromEntries(wanted));
  });

  it.each(ACTION_TYPES)('%s, on save and on activation', async (type) => {
    await expectWorkflowNeeds(scopesOf(DONE_BY_BLOCK[type]), [action(type, INPUTS[type])], 'ticket-created');
  });

  it('in a branch', async () => {
    const condition = { operator: 'eq', left: 1, right: 1 };
    const blocks = [ifElseBlock(condition, [], [action('handoff', {})])];
    await expectWorkflowNeeds(scopesOf(DONE_BY_BLOCK.handoff), blocks, 'webhook');
  });
});

describe('a workflow requires the scopes of the data that it reads:', () => {
  it('every field of an event declares the scopes of the routes that read it', () => {
    const wanted = Object.entries(READ_BY_FIELD).map(([field, routes]) => [field, scopesOf(routes)[0]]);
    expect(EVENT_FIELD_SCOPES).toEqual(Object.fromEntries(wanted));
  });

  it.each(Object.keys(EVENT_FIELD_SCOPES) as EventField[])('{{trigger.%s}} in an input', async (field) => {
    const blocks = [action('send_email', { ...INPUTS.send_email, email_body: `<p>{{ trigger.${field}.email}}</p>` })];
    const needed = [...scopesOf(DONE_BY_BLOCK.send_email), ...scopesOf(READ_BY_FIELD[field])];
    await expectWorkflowNeeds(needed, blocks, 'ticket-resolved');
  });

  it('references in conditions and deep in inputs', async () => {
    const condition = { operator: 'contains', left: '{{trigger.contact.email}}', right: 'acme' };
    await expectWorkflowNeeds(scopesOf(READ_BY_FIELD.contact), [ifElseBlock(condition)], 'contact-created');
    const call = action('call_action', { ...INPUTS.call_action, input: { body: { score: ['{{trigger.score}}'] } } });
    const needed = [...scopesOf(DONE_BY_BLOCK.call_action), ...scopesOf(READ_BY_FIELD.score)];
    await expectWorkflowNeeds(needed, [call], 'csat-score-submit');
  });

  it('none for the body of a webhook', async () => {
    const blocks = [action('send_email', { ...INPUTS.send_email, email_body: '{{trigger.contact.email}}' })];
    await expectWorkflowNeeds(scopesOf(DONE_BY_BLOCK.send_email), blocks, 'webhook');
  });

  it('those of the fields in use when a webhook trigger becomes an event trigger', async () => {
    const blocks = [action('handoff', { summary: '{{trigger.contact.email}}' })];
    const workflow = { name: 'Triage', trigger_type: 'webhook', workflow_blocks: blocks };
    const { client } = await keyWith([...OWN, 'chat-sessions:write']);
    const { body } = await client.post('/workflows').send(workflow).expect(201);
    const path = `/workflows/${(body as { workflow_id: string }).workflow_id}`;
    const own = [...OWN, 'chat-sessions:write'];
    await expectNeeds(own, ['contacts:read'], { method: 'patch', path, body: { trigger_type: 'ticket-created' } });
  });
});

it('a refused activation changes nothing, and is not audited', async () => {
  const workflow = { name: 'Triage', trigger_type: 'webhook', workflow_blocks: [action('handoff', {})] };
  const { body } = await full.post('/workflows').send(workflow).expect(201);
  const { workflow_id } = body as { workflow_id: string };
  await (await keyWith(OWN)).client.post(`/workflows/${workflow_id}/activate`).send({}).expect(403);
  expect((await full.get(`/workflows/${workflow_id}`).expect(200)).body).toEqual(body);
  const sql = "SELECT FROM audit_entries WHERE target_id = $1 AND action <> 'workflow.created'";
  expect((await server.database.pool.query(sql, [workflow_id])).rows).toEqual([]);
});

it('a workflow keeps running after its activating key is revoked, and still names that key', async () => {
  const workflow = { name: 'Triage', trigger_type: 'ticket-created', workflow_blocks: [action('handoff', {})] };
  const key = await keyWith([...OWN, 'chat-sessions:write'], 'Of the integrator');
  const { body } = await key.client.post('/workflows').send(workflow).expect(201);
  const { workflow_id } = body as { workflow_id: string };
  await key.client.post(`/workflows/${workflow_id}/activate`).send({}).expect(200);
  await server.as(org.partner.key).delete(`/partner/v1/orgs/${org.id}/api-keys/${key.id}`).expect(204);
  expect((await full.get(`/workflows/${workflow_id}`).expect(200)).body).toMatchObject({
    is_active: true,
    activated_by: { type: 'api_key', id: key.id, name: 'Of the integrator' },
  });
  await full.delete(`/workflows/${workflow_id}`).expect(204);
});

describe('a sequence requires the scopes of its steps:', () => {
  const own = ['sequences:read', 'sequences:write'];

  beforeAll(() => insertVerifiedDomain(server.database.pool, org.id, 'acme.example'));

  it.each(STEP_TYPES)('%s, on create, update, start and adding contacts', async (type) => {
    const needed = scopesOf(DONE_BY_STEP[type]);
    const steps = [{ action: { type, data: STEPS[type] } }];
    const create = (fields: object = {}) => ({ filter: null, steps, ...fields });
    const made = async (fields: object) => {
      const { body } = await full.post('/sequences').send(create(fields)).expect(201);
      return `/sequences/${(body as { id: string }).id}`;
    };
    await expectNeeds(own, needed, { method: 'post', path: '/sequences', body: create() });

    const once = await made({ is_continuous: false });
    await expectNeeds(own, needed, { method: 'patch', path: once, body: { name: 'Welcome' } });
    const start = { method: 'put', path: `${once}/start` } as const;
    const continuous = await made({});
    const body = { contacts: [{ email: 'ann@acme.example' }] };
    const add = { method: 'post', path: `${continuous}/contacts`, body } as const;
    if (type === 'make_phone_calls') {
      // No sequence with such a step starts.
      for (const each of [start, add]) await expectRefused(own, needed, each);
      return;
    }
    const { answer, by } = await expectNeeds(own, needed, start);
    expect(answer).toMatchObject({ status: 'active', started_by: by });
    const added = await expectNeeds(own, needed, add);
    expect((await full.get(continuous).expect(200)).body).toMatchObject({ status: 'active', started_by: added.by });
  });
});

describe('the autopilot requires the scopes of its actions:', () => {
  const own = ['autopilot:read', 'autopilot:write'];
  const path = '/autopilot/channels/web';

  it.each(['enabled', 'assist_enabled'])('%s, to be enabled, and none to be disabled', async (setting) => {
    const asked = { method: 'patch', path, body: { [setting]: true } } as const;
    const { answer, by } = await expectNeeds(own, scopesOf(DONE_BY_AUTOPILOT), asked);
    expect(answer).toMatchObject({ [setting]: true, activated_by: by });
    const { client } = await keyWith(own);
    const off = await client
      .patch(path)
      .send({ [setting]: false })
      .expect(200);
    expect(off.body).toMatchObject({ [setting]: false, activated_by: by });
  });

  it.each(TOPIC_MODES)('a topic of mode %s', async (mode) => {
    const needed = { handoff: ['POST /chat/sessions/:session_id/handoff'], no_assist: [] }[mode];
    const asked = { method: 'post', path: '/autopilot/topics', body: { topic: `Refunds ${mode}`, mode } } as const;
    const { answer, by } = await expectNeeds(own, scopesOf(needed), asked);
    expect(answer).toMatchObject({ created_by: by });
  });
});

it('a phone agent with actions requires the scope of calling them', async () => {
  const payload = { responses: { 200: { description: 'Done' } } };
  const call = { name: 'Look up', api_endpoint: 'https://a.example', request_type: 'GET', payload };
  const { id } = (await full.post('/actions').send(call).expect(201)).body as { id: string };
  const own = ['phone:read', 'phone:write'];
  const needed = scopesOf(DONE_BY_BLOCK.call_action);
  const body = { name: 'Ada', action_ids: [id] };
  const { answer } = await expectNeeds(own, needed, { method: 'post', path: '/phone', body });
  const path = `/phone/${String(answer['id'])}`;
  await expectNeeds(own, needed, { method: 'patch', path, body: { action_ids: [id] } });
  await expectNeeds(own, [], { method: 'patch', path, body: { action_ids: [] } });
});

it('an SLA policy with contact conditions requires the scope of reading contacts', async () => {
  const own = ['sla:read', 'sla:write'];
  const conditions = { contact_custom_data: { plan: 'gold' } };
  const body = { name: 'Gold', targets: { first_reply_seconds: 600 }, conditions, is_active: false };
  const { answer } = await expectNeeds(own, ['contacts:read'], { method: 'post', path: '/sla/policies', body });
  const path = `/sla/policies/${String(answer['id'])}`;
  await expectNeeds(own, ['contacts:read'], { method: 'patch', path, body: { conditions } });
  await expectNeeds(own, ['contacts:read'], { method: 'patch', path, body: { is_active: true } });
  await expectNeeds(own, [], { method: 'patch', path, body: { conditions: { channels: ['web'] } } });
});
