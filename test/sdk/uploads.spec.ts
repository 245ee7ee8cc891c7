import { openAsBlob } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { Gatehouse } from '../../sdk/src/index.js';
import { TestServer } from '../support/start-app.js';
import { newAgent, newKeyPair } from '../support/stored-keys.js';

const server = TestServer.forSuite();
let api: Gatehouse;
let agent: Gatehouse;
let path: { agent_id: string };
beforeAll(async () => {
  const org = await server.newOrg();
  api = new Gatehouse({ url: server.url, key: (await server.newOrgKey(org)).key });
  path = { agent_id: await newAgent(server, org.id) };
  const pair = await newKeyPair(server, org.id, { ...path, scopes: ['document-extraction:create'] });
  agent = new Gatehouse({ url: server.url, key: pair.key, secret: pair.secret });
});

const ROUTE = '/v1/open/document-extraction/chatbots/{agent_id}';
const schema = [{ key: 'total_due', type: 'number' as const }];

it('a Blob in the body is uploaded beside JSON fields', async () => {
  const file = await openAsBlob('test/fixtures/invoice.pdf', { type: 'application/pdf' });
  expect(await agent.post(ROUTE, { params: { path }, body: { file, schema } })).toMatchObject({
    data: { status: 'queued' },
  });
});

it('a list of files is uploaded as parts of the same name', async () => {
  const { id } = await api.post('/chat/sessions', { body: {} });
  const file = ['one', 'two'].map((text) => new File([text], `${text}.txt`, { type: 'text/plain' }));
  const body = { sender: 'contact' as const, message: { type: 'text' as const }, file };
  await api.post('/chat/sessions/{id}/send', { params: { path: { id } }, body });
  const { items } = await api.get('/chat/sessions/{id}/history', { params: { path: { id } } });
  expect(items[0]!.event.attachments).toMatchObject([{ name: 'one.txt' }, { name: 'two.txt' }]);
});

it('a FormData is uploaded unchanged', async () => {
  const body = new FormData();
  body.append('file', new File(['Total due: 12.50'], 'invoice.txt', { type: 'text/plain' }));
  body.append('schema', JSON.stringify(schema));
  expect(await agent.post(ROUTE, { params: { path }, body })).toMatchObject({ data: { status: 'queued' } });
});

it('a string for a file, and a form for JSON, are compile errors', () => {
  const text = () =>
    // @ts-expect-error a string is not a file
    agent.post(ROUTE, { params: { path }, body: { file: 'Total due: 12.50', schema } });
  const form = () =>
    // @ts-expect-error the route takes JSON
    agent.put('/tags', { body: new FormData() });
  expect([text, form].map((call) => typeof call)).toEqual(['function', 'function']);
});
