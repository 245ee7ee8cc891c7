import { readFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { digestOf, mintKeyPair } from '../../src/access/credentials/credential-format.js';
import { hashSecret } from '../../src/access/credentials/secret-verifier.js';
import { JOB_SCHEMA } from '../../src/core/database/job-tables.js';
import { uuidV7 } from '../../src/core/database/uuid-v7.js';
import { Installation } from '../support/installation.js';
import type { ServerProcess } from '../support/server-process.js';
import { filesIn } from '../support/stored-files.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

const SCHEMA = JSON.stringify([{ key: 'invoice_number', type: 'string', required: true }]);
const PDF = readFileSync('test/fixtures/invoice.pdf');

let installation: Installation;
const filesDir = temporaryFolder();
let agentId: string;
let headers: Record<string, string>;
/** A language model that answers only when the test tells it to. */
let model: Server;
/** The open requests to the model. */
const waiting = new Set<ServerResponse>();
beforeAll(async () => {
  installation = await Installation.create();
  model = createServer((request, response) => {
    request.resume();
    waiting.add(response);
    response.once('close', () => waiting.delete(response));
  });
  await new Promise<void>((resolve) => model.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  model.closeAllConnections();
  model.close();
  await installation.close();
});

function startServer(): Promise<ServerProcess> {
  const { port } = model.address() as AddressInfo;
  return installation.startServer({
    FILES_DIR: filesDir,
    LLM_BASE_URL: `http://127.0.0.1:${port}/v1`,
    LLM_MODEL: 'slow',
  });
}

/** Inserts an agent and its key. */
async function makeAgent(orgId: string): Promise<void> {
  const { key, secret } = mintKeyPair('ocx');
  agentId = uuidV7();
  const keyId = uuidV7();
  await installation.database.query(`INSERT INTO agents (id, org_id, name) VALUES ($1, $2, 'Reader')`, [
    agentId,
    orgId,
  ]);
  await installation.database.query(
    `WITH key AS (
       INSERT INTO api_keys (id, org_id, agent_id, kind, name, masked_key, public_key, scopes, created_by_type, created_by_name)
       VALUES ($1, $2, $3, 'key_secret', 'Stored by a test', '', $4, '{document-extraction:create,document-extraction:read}', 'operator', 'test'))
     INSERT INTO key_credentials (id, key_id, digest, secret_hash) VALUES ($5, $1, $6, $7)`,
    [keyId, orgId, agentId, key, uuidV7(), digestOf(key), await hashSecret(secret)],
  );
  headers = { 'X-API-Key': key, 'X-API-Secret': secret };
}

const pathOf = (id?: string) => `/v1/open/document-extraction${id === undefined ? '' : `/${id}`}/chatbots/${agentId}`;

async function upload({ url }: ServerProcess): Promise<string> {
  const form = new FormData();
  form.set('file', new Blob([PDF], { type: 'application/pdf' }), 'invoice.pdf');
  form.set('schema', SCHEMA);
  const answer = await fetch(url + pathOf(), { method: 'POST', headers, body: form });
  expect(answer.status).toBe(202);
  return ((await answer.json()) as { data: { id: string } }).data.id;
}

async function read({ url }: ServerProcess, id: string) {
  const answer = await fetch(url + pathOf(id), { headers });
  const body = (await answer.json()) as { data?: { status: string; fields: unknown } };
  if (body.data === undefined) throw new Error(`${answer.status} ${JSON.stringify(body)}`);
  return body.data;
}

function answerAll(): void {
  const content = JSON.stringify({ invoice_number: { value: 'AT-2026-0315', confidence: 0.9 } });
  for (const response of waiting) response.end(JSON.stringify({ choices: [{ message: { content } }] }));
}

test.for(['SIGKILL', 'SIGTERM'] as const)('a document is read by another process after %s', async (signal) => {
  const first = await startServer();
  await makeAgent(await installation.newOrg(first));
  const id = await upload(first);
  await until('the model is called', () => waiting.size === 1);
  const [held] = waiting;
  expect(await read(first, id)).toMatchObject({ status: 'processing', fields: null });
  const second = await startServer();
  if (signal === 'SIGKILL') await first.kill();
  else expect(await first.stop()).toEqual({ code: 0, signal: null });
  await until('the other process calls it again', () => waiting.size === 1 && !waiting.has(held!));
  expect(await read(second, id)).toMatchObject({ status: 'processing' });
  answerAll();
  await until('it is completed', async () => (await read(second, id)).status === 'completed');
  expect((await read(second, id)).fields).toEqual({ invoice_number: { value: 'AT-2026-0315', confidence: 0.9 } });
  await until('the document is deleted', async () => (await filesIn(filesDir)).length === 0);
  await second.stop();
  expect(second.complaints).toEqual([]);
});

test('a document that ends its process at every attempt fails', async () => {
  let server = await startServer();
  await makeAgent(await installation.newOrg(server));
  const id = await upload(server);
  await until('the model is called', () => waiting.size === 1);
  const [held] = waiting;
  // Two attempts instead of five, without a delay.
  await installation.database.query(
    `UPDATE ${JOB_SCHEMA}.job SET retry_limit = 1, retry_delay = 0, retry_backoff = false WHERE data ->> 'id' = $1`,
    [id],
  );
  await server.kill();
  server = await startServer();
  await until('it is tried again', () => waiting.size === 1 && !waiting.has(held!));
  await server.kill();
  server = await startServer();
  // The rate limit of the key is 60 requests per minute.
  const slowly = { everyMs: 2_000 };
  await until('it has failed for good', async () => (await read(server, id)).status === 'failed', slowly);
  expect(await read(server, id)).toMatchObject({ fields: null, error: 'The document could not be read.' });
  expect(waiting.size).toBe(0);
  await until('the document is deleted', async () => (await filesIn(filesDir)).length === 0);
  await server.stop();
});

test('the passages of a document are stored by another process after kill -9', async () => {
  const first = await startServer();
  const { key } = await installation.newKey(first, await installation.newOrg(first));
  const ask = async ({ url }: ServerProcess, path: string, body?: string | FormData) => {
    const json = typeof body === 'string' && { 'Content-Type': 'application/json' };
    const answer = await fetch(url + path, {
      headers: { Authorization: `Bearer ${key}`, ...json },
      ...(body !== undefined && { method: 'POST', body }),
    });
    return (await answer.json()) as { id: string; status: string; results: { text: string }[] };
  };
  const base = `/knowledge-bases/${(await ask(first, '/knowledge-bases', '{"name":"Handbook"}')).id}`;
  const form = new FormData();
  form.set('title', 'Rooms');
  const rooms = Array.from({ length: 450 }, (_, number) => `Room ${number}. ${'It has a bed. '.repeat(60)}`);
  form.set('file', new Blob([rooms.join('\n\n')], { type: 'text/plain' }), 'rooms.txt');
  // Blocks the process that stores passages.
  const blocker = await installation.database.connect();
  await blocker.query('BEGIN; LOCK TABLE knowledge_passages IN EXCLUSIVE MODE');
  const { id } = await ask(first, `${base}/documents`, form);
  await until('a passage is about to be stored', async () => {
    const { rows } = await blocker.query(
      `SELECT FROM pg_locks WHERE NOT granted AND relation = 'knowledge_passages'::regclass`,
    );
    return rows.length > 0;
  });
  await first.kill();
  await blocker.query('ROLLBACK');
  blocker.release();
  const second = await startServer();
  const read = () => ask(second, `${base}/documents/${id}`);
  await until('it is ready', async () => (await read()).status === 'ready', { everyMs: 100 });
  const { rows } = await installation.database.query('SELECT text FROM knowledge_passages ORDER BY position');
  expect(rows.map(({ text }) => text)).toEqual(rooms.map((room) => room.trim()));
  expect((await ask(second, `${base}/search?query=room+449`)).results[0]!.text).toMatch(/^Room 449\./);
  await second.stop();
});
