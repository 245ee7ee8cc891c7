import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { digestOf, mintKeyPair } from '../../../src/access/credentials/credential-format.js';
import { hashSecret } from '../../../src/access/credentials/secret-verifier.js';
import { uuidV7 } from '../../../src/core/database/uuid-v7.js';
import { DOCX } from '../../../src/kit/files/media-types.js';
import { largeDocx } from '../../support/large-documents.js';
import { Installation } from '../../support/installation.js';
import { OwnPostgres } from '../../support/own-postgres.js';
import { report } from '../../support/report.js';
import type { ServerProcess } from '../../support/server-process.js';
import { Silence } from '../../support/silence.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { until } from '../../support/until.js';

/** No input of one caller may block the event loop for longer. */
const SILENT_MS_MAX = 100;
const MIB = 1024 * 1024;

const filesDir = temporaryFolder();
let postgres: OwnPostgres;
let installation: Installation;
let server: ServerProcess;
let silence: Silence;
let bearer: Record<string, string>;
let agent: { id: string; headers: Record<string, string> };

beforeAll(async () => {
  postgres = await OwnPostgres.start();
  installation = await Installation.on(postgres);
  server = await installation.startServer({ FILES_DIR: filesDir });
  const orgId = await installation.newOrg(server);
  bearer = { Authorization: `Bearer ${(await installation.newKey(server, orgId)).key}` };
  agent = await newAgent(orgId);
  silence = new Silence(server.url);
});
afterAll(async () => {
  await silence.close();
  await server.kill();
  await installation.close();
  await postgres.remove();
});

async function newAgent(orgId: string) {
  const { key, secret } = mintKeyPair('ocx');
  const [id, keyId] = [uuidV7(), uuidV7()];
  await installation.database.query(`INSERT INTO agents (id, org_id, name) VALUES ($1, $2, 'Reader')`, [id, orgId]);
  await installation.database.query(
    `WITH key AS (
       INSERT INTO api_keys (id, org_id, agent_id, kind, name, masked_key, public_key, scopes, created_by_type, created_by_name)
       VALUES ($1, $2, $3, 'key_secret', 'Stored by a test', '', $4, '{document-extraction:create,document-extraction:read}', 'operator', 'test'))
     INSERT INTO key_credentials (id, key_id, digest, secret_hash) VALUES ($5, $1, $6, $7)`,
    [keyId, orgId, id, key, uuidV7(), digestOf(key), await hashSecret(secret)],
  );
  return { id, headers: { 'X-API-Key': key, 'X-API-Secret': secret } };
}

async function ask(method: string, path: string, body?: object | string | FormData, headers = bearer) {
  const isJson = body !== undefined && !(body instanceof FormData);
  const answer = await fetch(server.url + path, {
    method,
    headers: { ...headers, ...(isJson && { 'Content-Type': 'application/json' }) },
    ...(body !== undefined && { body: isJson && typeof body !== 'string' ? JSON.stringify(body) : (body as string) }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

function formOf(content: string | Buffer, type: string, fields: Record<string, string> = {}): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  form.set('file', new Blob([content as string], { type }), 'sample');
  return form;
}

async function extract(content: string | Buffer, type: string, fieldType: string): Promise<void> {
  const schema = JSON.stringify([{ key: 'total', type: fieldType }]);
  const path = (id = '') => `/v1/open/document-extraction${id}/chatbots/${agent.id}`;
  const { body } = await ask('POST', path(), formOf(content, type, { schema }), agent.headers);
  // The upload was refused, so there is no extraction to wait for.
  if (!('data' in body)) return;
  const { id } = body['data'] as { id: string };
  await until(
    'it has been read',
    async () => {
      const { data } = (await ask('GET', path(`/${id}`), undefined, agent.headers)).body as {
        data: { status: string };
      };
      return ['completed', 'failed'].includes(data.status);
    },
    { withinMs: 120_000, everyMs: 50 },
  );
}

async function learn(content: string): Promise<void> {
  const base = `/knowledge-bases/${(await ask('POST', '/knowledge-bases', { name: 'Handbook' })).body['id'] as string}`;
  const { body } = await ask('POST', `${base}/documents`, formOf(content, 'text/plain', { title: 'Long' }));
  await until(
    'it has been read',
    async () => (await ask('GET', `${base}/documents/${body['id'] as string}`)).body['status'] !== 'processing',
    { withinMs: 120_000, everyMs: 50 },
  );
}

async function activate(tag_name: string): Promise<void> {
  const block = { kind: 'action', id: 'tag', type: 'add_tag', name: 'Tag', input: { tag_name } };
  const workflow = { name: 'Slow', trigger_type: 'webhook', workflow_blocks: [block] };
  const { body } = await ask('POST', '/workflows', workflow);
  await ask('POST', `/workflows/${body['workflow_id'] as string}/activate`);
}

async function importServer(url: string, operations = 100): Promise<void> {
  const paths = Object.fromEntries(
    Array.from({ length: operations }, (_, number) => [`/p${number}`, { get: { responses: {} } }]),
  );
  const document = { openapi: '3.1.0', info: { title: 'T', version: '1' }, servers: [{ url }], paths };
  await ask('POST', '/actions/import', formOf(JSON.stringify(document), 'application/json'));
}

/** Inputs by description. Add new attacks here. */
const SAMPLES: Readonly<Record<string, () => Promise<unknown>>> = {
  'a number after 8,000 blanks': () => extract(`total: a${' '.repeat(8_000)}b`, 'text/plain', 'number'),
  'a number after 190,000 blanks': () => extract(`total: a${' '.repeat(190_000)}b`, 'text/plain', 'number'),
  'a list of 190,000 blanks': () => extract(`total: a${' '.repeat(190_000)}b`, 'text/plain', 'array'),
  'a date of 60,000 months': () => extract(`total: ${'jan'.repeat(60_000)}`, 'text/plain', 'date'),
  'columns that change in each line': () => extract('a\tb\nc\td\te\n'.repeat(18_000), 'text/plain', 'array'),
  'a DOCX of 900 MB unpacked': () => extract(largeDocx(1), DOCX, 'string'),
  'two DOCX of 900 MB unpacked at once': async () => {
    const document = largeDocx(900 * MIB);
    await Promise.all([extract(document, DOCX, 'string'), extract(document, DOCX, 'string')]);
  },
  'a text of 10 MB for a knowledge base': () => learn('word. '.repeat(1_600_000)),
  'a text of 5,000,000 paragraphs': () => learn('\n\n'.repeat(2_500_000) + 'x\n\n'.repeat(1_000_000)),
  'references of 100,000 braces': () => activate('{'.repeat(100_000)),
  'references of 800,000 braces': () => activate('{'.repeat(800_000)),
  'a server of 50,000 braces': () => importServer(`https://a.example/${'{'.repeat(50_000)}`),
  'a server of 900,000 slashes': () => importServer(`https://a.example${'/'.repeat(900_000)}`),
  'a name of a megabyte of emoji': () => ask('PUT', '/tags', { tag_name: '😀'.repeat(MIB / 4 - 10) }),
  'a name of a megabyte of variation selectors': () => ask('PUT', '/tags', { tag_name: '\ufe0f'.repeat(MIB / 3 - 10) }),
  'a list of 90,000 numbers': () =>
    ask('POST', '/training', { restricted_to_channels: Array.from({ length: 90_000 }, (_, number) => number) }),
  'a megabyte of JSON values': () => ask('POST', '/contacts', `[${'0,'.repeat(MIB / 2 - 2)}0]`),
  'a megabyte of brackets': () => ask('POST', '/contacts', '['.repeat(MIB - 1)),
  'an address of a megabyte': () => ask('POST', '/contacts', { email: `${'a.'.repeat(MIB / 2 - 50)}@a.example` }),
};

test('no input of one caller blocks the server', { timeout: 900_000 }, async () => {
  await sleep(1_000);
  await silence.longest();
  const silences: Record<string, number> = {};
  for (const [name, send] of Object.entries(SAMPLES)) {
    await send();
    silences[name] = await silence.longest();
    report(name, { 'longest silence, ms': silences[name] });
  }
  report('all samples', { 'longest silence, ms': Math.max(...Object.values(silences)) });
  expect(Object.entries(silences).filter(([, ms]) => ms > SILENT_MS_MAX)).toEqual([]);
});
