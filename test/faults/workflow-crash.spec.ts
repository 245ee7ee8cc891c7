import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HttpClient } from '../support/http-client.js';
import { Installation } from '../support/installation.js';
import type { ServerProcess } from '../support/server-process.js';
import { until } from '../support/until.js';
import { type ShownRun, type ShownWorkflow, tagBlock, webhookPath } from '../support/workflows.js';

const RUNS = 30;
const TAGS = ['one', 'two', 'three'];

let installation: Installation;
let server: ServerProcess;
let client: HttpClient;
/** An API that answers only when the test tells it to. */
let api: Server;
const calls: { headers: IncomingHttpHeaders; response: ServerResponse }[] = [];

beforeAll(async () => {
  installation = await Installation.create();
  api = createServer((request, response) => {
    request.resume();
    calls.push({ headers: request.headers, response });
  });
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
  server = await startServer();
  const [key] = await installation.storeKeys(await installation.newOrg(server), 1);
  client = new HttpClient(key!.key);
  for (const tag_name of TAGS) await ask('PUT', '/tags', { tag_name });
});
afterAll(async () => {
  client.close();
  await server.kill();
  api.closeAllConnections();
  api.close();
  await installation.close();
});

const apiHost = () => `127.0.0.1:${(api.address() as AddressInfo).port}`;
const startServer = () => installation.startServer({ OUTBOUND_ALLOWED_HOSTS: apiHost() });

async function ask<T>(method: string, path: string, body?: object): Promise<T> {
  const answer = await client.ask(server.url, { method, path, ...(body && { body }) });
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.body}`);
  return JSON.parse(answer.body) as T;
}

async function active(workflow_blocks: object[]): Promise<ShownWorkflow> {
  const made = await ask<ShownWorkflow>('POST', '/workflows', {
    name: 'Long',
    trigger_type: 'webhook',
    workflow_blocks,
  });
  return ask('POST', `/workflows/${made.workflow_id}/activate`);
}

const newSession = async () => (await ask<{ id: string }>('POST', '/chat/sessions', {})).id;

/** The tag names of all tag events of a session. */
async function taggedWith(session: string): Promise<string[]> {
  const { items } = await ask<{ items: { event: { type: string; context?: { tag_name: string } } }[] }>(
    'GET',
    `/chat/sessions/${session}/history`,
  );
  return items.filter(({ event }) => event.type === 'tag_added_by_api').map(({ event }) => event.context!.tag_name);
}

test('a run continues with its call after kill -9, and repeats nothing else', async () => {
  const action = await ask<{ id: string }>('POST', '/actions', {
    name: 'Tell the CRM',
    api_endpoint: `http://${apiHost()}/sessions`,
    request_type: 'POST',
    payload: { responses: { 200: { description: 'Told' } } },
  });
  const call = { kind: 'action', id: 'call', type: 'call_action', name: 'Tell', input: { action_id: action.id } };
  const workflow = await active([tagBlock('first', 'one'), call, tagBlock('last', '{{call.body.tag}}')]);
  const session_id = await newSession();
  const { run_id } = await ask<{ run_id: string }>('POST', webhookPath(workflow), { session_id });
  await until('the API is called', () => calls.length === 1);
  await server.kill();
  server = await startServer();
  await until('it is called again', () => calls.length === 2);
  expect(await taggedWith(session_id)).toEqual(['one']);
  calls[1]!.response.writeHead(200, { 'content-type': 'application/json' }).end('{"tag":"two"}');
  const run = () => ask<ShownRun>('GET', `/workflows/${workflow.workflow_id}/runs/${run_id}`);
  await until('the run has ended', async () => (await run())['run_ended_at'] !== null);
  expect(await run()).toMatchObject({ status: 'completed', error: null });
  expect(calls.map(({ headers }) => headers['idempotency-key'])).toEqual([`${run_id}.call`, `${run_id}.call`]);
  expect(await taggedWith(session_id)).toEqual(['two', 'one']);
});

test('no accepted run is lost and no step runs twice, whenever the process is killed', async () => {
  const workflow = await active(TAGS.map((tag) => tagBlock(tag, tag)));
  const sessions = await Promise.all(Array.from({ length: RUNS }, newSession));
  const answered: string[] = [];
  for (const half of [sessions.slice(0, RUNS / 2), sessions.slice(RUNS / 2)]) {
    const started = half.map((session_id) => ask<{ run_id: string }>('POST', webhookPath(workflow), { session_id }));
    answered.push(...(await Promise.all(started)).map(({ run_id }) => run_id));
    // Kill at a random moment, with some runs started and others in flight.
    await sleep(Math.random() * 200);
    await server.kill();
    server = await startServer();
  }
  const { rows } = await installation.database.query('SELECT id FROM workflow_runs WHERE id = ANY ($1)', [answered]);
  expect(rows).toHaveLength(RUNS);
  const open = `SELECT FROM workflow_runs WHERE id = ANY ($1) AND status <> 'completed'`;
  const isOver = async () => (await installation.database.query(open, [answered])).rowCount === 0;
  await until('every run is completed', isOver, { everyMs: 100 });
  const tagged = await Promise.all(sessions.map(taggedWith));
  expect(tagged).toEqual(sessions.map(() => TAGS.toReversed()));
});
