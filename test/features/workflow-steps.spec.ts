import { afterAll, beforeAll, expect, it } from 'vitest';
import { Conversations } from '../support/conversations.js';
import { TestServer } from '../support/start-app.js';
import { StubServer } from '../support/stub-server.js';
import { until } from '../support/until.js';
import { ifElseBlock, type ShownWorkflow, tagBlock, webhookPath, WorkflowsOf } from '../support/workflows.js';

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

let server: TestServer;
let api: StubServer;
let here: Conversations;
let flows: WorkflowsOf;
let action_id: string;
beforeAll(async () => {
  api = await StubServer.start('127.0.0.1');
  server = await TestServer.start({ OUTBOUND_ALLOWED_HOSTS: `127.0.0.1:${api.port}` });
  here = await Conversations.of(server);
  flows = new WorkflowsOf(here.client);
  await here.client.put('/tags').send({ tag_name: 'vip' }).expect(200);
  const credential = { name: 'Orders', type: 'bearer', origin: api.url, secret: 'sk-live-7f3a9c' };
  const { body } = await here.client.post('/action-credentials').send(credential).expect(201);
  const action = {
    name: 'Orders',
    api_endpoint: `${api.url}/orders`,
    request_type: 'GET',
    payload: { parameters: [], responses: {} },
    credential_id: (body as { id: string }).id,
  };
  action_id = ((await here.client.post('/actions').send(action).expect(201)).body as { id: string }).id;
});
afterAll(() => Promise.all([server.close(), api.close()]));

const callBlock = () => ({ kind: 'action', id: 'orders', type: 'call_action', name: 'Orders', input: { action_id } });
const stepsOf = async ({ workflow_id }: ShownWorkflow) => {
  const [run] = await flows.runs({ workflow_id } as ShownWorkflow);
  const { body } = await here.client.get(`/workflows/${workflow_id}/runs/${run!.id}`).expect(200);
  return (body as { steps: object[] }).steps;
};
const step = (id: string, status: string, output: object | string | null, error: string | null = null) => ({
  id,
  status,
  started_at: expect.stringMatching(INSTANT),
  ended_at: expect.stringMatching(INSTANT),
  output,
  error,
});
async function run(workflow_blocks: object[], body: object = {}): Promise<ShownWorkflow> {
  const workflow = await flows.active({ workflow_blocks });
  await here.client.post(webhookPath(workflow)).send(body).expect(202);
  return workflow;
}

it('a run shows the output of each block that was executed, without the secret that was sent', async () => {
  api.answer = ({ headers }, response) => response.writeHead(200).end(JSON.stringify({ sent: headers.authorization }));
  const session_id = await here.start();
  const branch = ifElseBlock({ operator: 'eq', left: 1, right: 1 }, [tagBlock('tag', 'vip')], [tagBlock('not', 'vip')]);
  const workflow = await run([callBlock(), branch], { session_id });
  expect(await flows.ended(workflow)).not.toHaveProperty('steps');
  expect(await stepsOf(workflow)).toEqual([
    step('orders', 'completed', { status: 200, body: { sent: 'Bearer ***' } }),
    step('branch', 'completed', { is_met: true }),
    step('tag', 'completed', { session_id, tags: ['vip'] }),
  ]);
});

it('a failed run shows the error of the block that failed, after the ones before it', async () => {
  const session_id = await here.start();
  const workflow = await run([tagBlock('first', 'vip'), tagBlock('second', 'unknown')], { session_id });
  expect(await flows.ended(workflow)).toMatchObject({ status: 'failed', error: 'second: Tag not found' });
  expect(await stepsOf(workflow)).toEqual([
    step('first', 'completed', { session_id, tags: ['vip'] }),
    step('second', 'failed', null, 'Tag not found'),
  ]);
});

it('a block that is tried again shows its last error until it is completed', async () => {
  api.answers(503);
  const workflow = await run([callBlock()]);
  await until('the first attempt has failed', async () => (await stepsOf(workflow)).length > 0);
  expect(await stepsOf(workflow)).toEqual([step('orders', 'retrying', null, 'The API answered 503.')]);
  api.answers(200, { ok: true });
  await flows.ended(workflow);
  expect(await stepsOf(workflow)).toEqual([step('orders', 'completed', { status: 200, body: { ok: true } })]);
});

it('a large output is cut', async () => {
  api.answers(200, { text: 'x'.repeat(20_000) });
  const workflow = await run([callBlock()]);
  await flows.ended(workflow);
  const [{ output }] = (await stepsOf(workflow)) as [{ output: string }];
  expect(output).toHaveLength(16_384);
  expect(output).toMatch(/^\{"body": \{"text": "x+$/);
});

it('a redaction of the session removes what APIs answered to its runs', async () => {
  api.answers(200, { quoted: 'Where is my boat?' });
  const workflow = await flows.active({ trigger_type: 'ticket-created', workflow_blocks: [callBlock()] });
  const session_id = await here.start();
  await flows.ended(workflow);
  await here.client.post('/redaction/session').send({ session_id }).expect(200);
  expect(await stepsOf(workflow)).toEqual([step('orders', 'completed', { status: 200 })]);
  await here.client.post(`/workflows/${workflow.workflow_id}/deactivate`).expect(200);
});
