import { beforeEach, describe, expect, it } from 'vitest';
import { Conversations } from '../support/conversations.js';
import { ifElseBlock, NO_OP, type ShownWorkflow, tagBlock, WorkflowsOf } from '../support/workflows.js';
import { TestServer } from '../support/start-app.js';
import { until } from '../support/until.js';

const server = TestServer.forSuite();
let here: Conversations;
let flows: WorkflowsOf;
beforeEach(async () => {
  here = await Conversations.of(server);
  flows = new WorkflowsOf(here.client);
});

const PAYLOAD = { parameters: [], responses: {} };
async function newAction(name = 'Look up'): Promise<string> {
  const action = { name, api_endpoint: 'https://crm.example/slots', request_type: 'GET', payload: PAYLOAD };
  return ((await here.client.post('/actions').send(action).expect(201)).body as { id: string }).id;
}
const callBlock = (action_id: string) => ({
  kind: 'action',
  id: 'call',
  type: 'call_action',
  name: 'C',
  input: { action_id },
});
const inBranch = (action_id: string) => [ifElseBlock({ operator: 'exists', left: 1 }, [], [callBlock(action_id)])];
const edit = ({ workflow_id }: ShownWorkflow, body: object) =>
  here.client.patch(`/workflows/${workflow_id}`).send(body).expect(200);
const listed = async (query: string) =>
  (await here.items<ShownWorkflow>(`/workflows?${query}`)).map(({ workflow_id }) => workflow_id);

describe('a workflow whose active version is older than its latest', () => {
  it('is listed as active, under the triggers of both versions', async () => {
    const idle = await flows.create({ trigger_type: 'ticket-handoff', workflow_blocks: NO_OP });
    const running = await flows.active({ trigger_type: 'ticket-created', workflow_blocks: NO_OP });
    await edit(running, { trigger_type: 'webhook' });
    const id = running.workflow_id;
    expect(await listed('is_active=true')).toEqual([id]);
    expect(await listed('is_active=false')).toEqual([idle.workflow_id]);
    expect(await listed('is_active=true&trigger_type=ticket-created')).toEqual([id]);
    expect(await listed('trigger_type=webhook')).toEqual([id]);
    expect(await listed('trigger_type=ticket-handoff')).toEqual([idle.workflow_id]);
    await here.client.post(`/workflows/${id}/deactivate`).expect(200);
    expect(await listed('trigger_type=ticket-created')).toEqual([]);
  });
});

it('the ids of versions rise by one within an org, whatever other orgs do', async () => {
  const first = await flows.create();
  expect(first.id).toBe(1);
  await new WorkflowsOf((await Conversations.of(server)).client).create();
  expect((await edit(first, { name: 'Second' })).body).toMatchObject({ id: 2 });
  await here.client.delete(`/workflows/${first.workflow_id}`).expect(204);
  expect(await flows.create()).toMatchObject({ id: 3 });
});

describe('an action in use', () => {
  const inUse = (user: string) => ({ statusCode: 409, message: `Action is used by ${user}`, code: 'in_use' });

  it('of an active workflow stays until the workflow is deactivated, and is then refused at activation', async () => {
    const action = await newAction();
    const workflow = await flows.active({ workflow_blocks: inBranch(action.toUpperCase()) });
    await edit(workflow, { workflow_blocks: NO_OP });
    expect((await here.client.delete(`/actions/${action}`).expect(409)).body).toEqual(inUse('an active workflow'));
    await here.client.post(`/workflows/${workflow.workflow_id}/deactivate`).expect(200);
    await here.client.delete(`/actions/${action}`).expect(204);
    const activation = here.client.post(`/workflows/${workflow.workflow_id}/activate`).send({ version_number: 1 });
    expect((await activation.expect(400)).body).toMatchObject({
      message: 'workflow_blocks.0.else.0.input.action_id is not the id of an action of this organization',
    });
  });

  it('stays when another version is activated that no longer names it', async () => {
    const [first, second] = [await newAction(), await newAction()];
    const workflow = await flows.active({ workflow_blocks: [callBlock(first)] });
    await edit(workflow, { workflow_blocks: [callBlock(second)] });
    await flows.activate(workflow);
    await here.client.delete(`/actions/${second}`).expect(409);
    await here.client.delete(`/actions/${first}`).expect(204);
    await here.client.delete(`/workflows/${workflow.workflow_id}`).expect(204);
    await here.client.delete(`/actions/${second}`).expect(204);
  });

  it('of a phone agent stays until the agent no longer names it', async () => {
    const action = await newAction();
    const agent = { name: 'Reception', action_ids: [action] };
    const { id } = (await here.client.post('/phone').send(agent).expect(201)).body as { id: string };
    expect((await here.client.delete(`/actions/${action}`).expect(409)).body).toEqual(inUse('a phone agent'));
    await here.client.patch(`/phone/${id}`).send({ action_ids: [] }).expect(200);
    await here.client.delete(`/actions/${action}`).expect(204);
  });

  it('is not deleted by an import, which then changes nothing', async () => {
    const document = (...paths: string[]) => ({
      openapi: '3.1.0',
      info: { title: 'Slots', version: '1' },
      servers: [{ url: 'https://crm.example' }],
      paths: Object.fromEntries(paths.map((path) => [path, { get: { operationId: path.slice(1), responses: {} } }])),
    });
    const load = (...paths: string[]) =>
      here.client.put('/actions').attach('file', Buffer.from(JSON.stringify(document(...paths))), 'api.json');
    await load('/slots', '/days').expect(200);
    const before = await here.items('/actions');
    const slots = before.find(({ operation_id }) => operation_id === 'slots')!['id'] as string;
    await flows.active({ workflow_blocks: [callBlock(slots)] });
    expect((await load('/days', '/weeks').expect(409)).body).toEqual(inUse('an active workflow'));
    expect(await here.items('/actions')).toEqual(before);
    await load('/slots').expect(200);
  });
});

describe('workflows of events', () => {
  /** A workflow that names the tag of a session after what the event says. */
  async function tagging(trigger_type: string, tag: string): Promise<ShownWorkflow> {
    return flows.active({ trigger_type, workflow_blocks: [tagBlock('tag', tag)] });
  }
  const putTags = (...names: string[]) =>
    Promise.all(names.map((tag_name) => here.client.put('/tags').send({ tag_name }).expect(200)));
  const runsOf = async (workflow: ShownWorkflow) => (await flows.runs(workflow)).length;

  it('ticket-resolved fires when a session becomes resolved, and not when it is closed without a solution', async () => {
    const resolved = await flows.active({ trigger_type: 'ticket-resolved', workflow_blocks: NO_OP });
    const session = await here.start();
    await here.setStatus(session, 'closed_unresolved');
    expect(await runsOf(resolved)).toBe(0);
    await here.setStatus(session, 'closed_resolved');
    await here.setStatus(session, 'closed_resolved');
    expect(await runsOf(resolved)).toBe(1);
    await here.send(session, 'contact');
    await here.setStatus(session, 'closed_resolved');
    expect(await runsOf(resolved)).toBe(2);
  });

  it('ticket-status-changed fires at every change, with the status before', async () => {
    await putTags('open', 'closed_unresolved');
    const changed = await tagging('ticket-status-changed', '{{trigger.previous_status}}');
    const session = await here.start();
    await here.setStatus(session, 'closed_unresolved');
    await until('the first has run', async () => ((await here.read(session))['tags'] as string[]).includes('open'));
    await here.send(session, 'contact');
    expect(await runsOf(changed)).toBe(2);
    const isTagged = async () => ((await here.read(session))['tags'] as string[]).includes('closed_unresolved');
    await until('the second has run', isTagged);
  });

  it('message-received fires for a contact, message-sent for an agent, with the message', async () => {
    await putTags('Where is my boat?', 'At the pier');
    const received = await tagging('message-received', '{{trigger.message.text}}');
    const sent = await tagging('message-sent', '{{trigger.message.text}}');
    const session = await here.start();
    await here.send(session, 'contact', { message: { type: 'text', text: 'Where is my boat?' } });
    await here.send(session, 'agent', { message: { type: 'text', text: 'At the pier' } });
    expect([await flows.ended(received), await flows.ended(sent)]).toMatchObject([
      { status: 'completed' },
      { status: 'completed' },
    ]);
    expect((await here.read(session))['tags']).toEqual(['At the pier', 'Where is my boat?']);
  });

  it('ticket-handoff has the summary, and csat-score-submit the comment', async () => {
    await putTags('Wants a refund', '2: too slow');
    const handedOff = await tagging('ticket-handoff', '{{trigger.handoff.summary}}');
    const scored = await tagging('csat-score-submit', '{{trigger.score}}: {{trigger.comment}}');
    const session = await here.start();
    await here.handOff(session, ['prohibited_topic'], { summary: 'Wants a refund' });
    await here.setStatus(session, 'closed_resolved');
    await here.client.post('/csat/scores').send({ session_id: session, score: 2, comment: 'too slow' }).expect(201);
    expect([await flows.ended(handedOff), await flows.ended(scored)]).toMatchObject([
      { status: 'completed' },
      { status: 'completed' },
    ]);
    expect((await here.read(session))['tags']).toEqual(['2: too slow', 'Wants a refund']);
  });
});
