import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Conversations } from '../support/conversations.js';
import { TestServer } from '../support/start-app.js';
import { StubServer } from '../support/stub-server.js';
import { until } from '../support/until.js';
import { tagBlock, webhookPath, WorkflowsOf } from '../support/workflows.js';

const RUNS = 60;

let server: TestServer;
let api: StubServer;
const held: ServerResponse[] = [];

beforeAll(async () => {
  api = await StubServer.start('127.0.0.1');
  api.answer = (_request, response) => void held.push(response);
  server = await TestServer.start({ OUTBOUND_ALLOWED_HOSTS: `127.0.0.1:${api.port}` });
});
afterAll(() => Promise.all([server.close(), api.close()]));

it("workflow runs of an org that wait for its API don't hold up the run of another org", async () => {
  const [busy, other] = await Promise.all([Conversations.of(server), Conversations.of(server)]);
  const endpoint = {
    name: 'Tell the CRM',
    api_endpoint: `${api.url}/slow`,
    request_type: 'POST',
    payload: { parameters: [], responses: { 200: { description: 'Told' } } },
  };
  const { body: action } = await busy.client.post('/actions').send(endpoint).expect(201);
  const call = { kind: 'action', id: 'call', type: 'call_action', name: 'Call', input: { action_id: action.id } };
  const slow = await new WorkflowsOf(busy.client).active({ workflow_blocks: [call] });
  for (let run = 0; run < RUNS; run++) await busy.client.post(webhookPath(slow)).send({}).expect(202);
  await until('the busy org has its share of the workers', () => held.length > 1);

  await other.client.put('/tags').send({ tag_name: 'vip' }).expect(200);
  const flows = new WorkflowsOf(other.client);
  const quick = await flows.active({ workflow_blocks: [tagBlock('tag', 'vip')] });
  const session_id = await other.start();
  await other.client.post(webhookPath(quick)).send({ session_id }).expect(202);
  expect(await flows.ended(quick)).toMatchObject({ status: 'completed' });
  expect(api.seen.length).toBeLessThan(RUNS);

  api.answers(200);
  await Promise.all(held.map((response) => once(response.end('{}'), 'close')));
  const isDone = async () =>
    (await new WorkflowsOf(busy.client).runs(slow, '?status=completed&limit=100')).length === RUNS;
  await until('the busy org is done too', isDone, { everyMs: 100 });
});
