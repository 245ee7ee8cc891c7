import { readFileSync } from 'node:fs';
import { beforeEach, expect, it } from 'vitest';
import { type Client, type TestOrg, TestServer } from '../support/start-app.js';
import { filesIn } from '../support/stored-files.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { UNKNOWN_ID } from '../support/unknown-id.js';
import { until } from '../support/until.js';

const DOCX_TYPE = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
const PDF = readFileSync('test/fixtures/invoice.pdf');
const missing = (what: string) => ({
  statusCode: 404,
  message: `${what} not found`,
  error: 'Not Found',
  code: 'not_found',
});

interface ShownDocument {
  readonly id: string;
  readonly title: string;
  readonly status: string;
  readonly error: string | null;
}
interface Found {
  readonly document_id: string;
  readonly text: string;
  readonly score: number;
}

const filesDir = temporaryFolder();
const server = TestServer.forSuite({ FILES_DIR: filesDir });
let org: TestOrg;
let client: Client;
let base: string;
beforeEach(async () => {
  org = await server.newOrg();
  client = await server.newClient(org);
  base = await newBase();
});

const newBase = async (by = client): Promise<string> =>
  (await by.post('/knowledge-bases').send({ name: 'Handbook' }).expect(201)).body.id;
const documents = (of = base) => `/knowledge-bases/${of}/documents`;
const uploadTo = (path: string, content: Buffer | string, contentType: string, filename: string, title = 'A file') =>
  client.post(path).field('title', title).attach('file', Buffer.from(content), { filename, contentType });
const upload = (content: Buffer | string, contentType: string, filename: string, title?: string) =>
  uploadTo(documents(), content, contentType, filename, title);
const search = async (query: string, more: object = {}): Promise<Found[]> =>
  (
    await client
      .get(`/knowledge-bases/${base}/search`)
      .query({ query, ...more })
      .expect(200)
  ).body.results;

/** Waits until a document has been read or has failed. */
async function over({ id }: ShownDocument): Promise<ShownDocument> {
  let document!: ShownDocument;
  const isOver = async () =>
    (document = (await client.get(`${documents()}/${id}`).expect(200)).body).status !== 'processing';
  await until('the document is read', isOver, { everyMs: 50 });
  return document;
}

async function add(title: string, content: string): Promise<ShownDocument> {
  return over((await client.post(documents()).send({ title, content }).expect(201)).body);
}

it('a knowledge base can be created, listed, updated and deleted', async () => {
  const made = (await client.get(`/knowledge-bases/${base}`).expect(200)).body;
  expect(made).toEqual({
    id: base,
    name: 'Handbook',
    description: null,
    created_at: expect.any(String),
    updated_at: expect.any(String),
  });
  const change = { name: 'Manual', description: 'For guests' };
  const changed = (await client.patch(`/knowledge-bases/${base}`).send(change).expect(200)).body;
  expect(changed).toMatchObject(change);
  expect((await client.get('/knowledge-bases').expect(200)).body).toEqual({ items: [changed], next: null });
  await client.delete(`/knowledge-bases/${base}`).expect(204);
  await client.get(`/knowledge-bases/${base}`).expect(404);
  for (const body of [{}, { name: '' }, { name: 'x'.repeat(101) }, { name: 'A', description: 'x'.repeat(501) }]) {
    await client.post('/knowledge-bases').send(body).expect(400);
  }
});

it('a text document is processing at first, then ready and searchable', async () => {
  const content = 'Guests check in from three in the afternoon.';
  const { body } = await client.post(documents()).send({ title: 'Arrival', content }).expect(201);
  expect(body).toEqual({
    id: expect.any(String),
    knowledge_base_id: base,
    title: 'Arrival',
    status: 'processing',
    error: null,
    media_type: 'text/plain',
    bytes: content.length,
    created_at: expect.any(String),
    updated_at: expect.any(String),
  });
  expect(await over(body)).toMatchObject({ status: 'ready', error: null });
  expect(await search('When can I check in?')).toEqual([
    { document_id: body.id, text: content, score: expect.any(Number) },
  ]);
  expect((await client.get(documents()).expect(200)).body).toMatchObject({ items: [{ id: body.id }], next: null });
});

it('PDF, DOCX, TXT and Markdown files become searchable', async () => {
  const files: [string, Buffer | string, string, string, string][] = [
    ['application/pdf', PDF, 'application/pdf', 'invoice.pdf', 'glacier walk'],
    [DOCX_TYPE, readFileSync('test/fixtures/agreement.docx'), DOCX_TYPE, 'agreement.docx', 'tenant'],
    ['text/plain', 'Breakfast is served at eight.', 'text/plain', 'note.txt', 'breakfast'],
    ['text/markdown', '# Pets\n\nDogs are **welcome**.', 'text/markdown', 'pets.md', 'dogs'],
    ['text/plain', '# Parking\n\nBehind the house.', 'application/octet-stream', 'parking.md', 'parking'],
  ];
  for (const [media_type, content, declared, filename, query] of files) {
    const { body } = await upload(content, declared, filename).expect(201);
    expect(body).toMatchObject({ title: 'A file', status: 'processing', media_type });
    expect(await over(body)).toMatchObject({ status: 'ready' });
    expect((await search(query)).map(({ document_id }) => document_id)).toEqual([body.id]);
  }
});

it('an unreadable document has an error, and is not searchable', async () => {
  const damaged = await over((await upload(PDF.subarray(0, 700), 'application/pdf', 'a.pdf').expect(201)).body);
  expect(damaged).toMatchObject({ status: 'failed', error: 'The document is damaged.' });
  expect(await add('Blank', ' \n ')).toMatchObject({ status: 'failed', error: 'The document has no text.' });
});

it('a search returns passages of long documents, best first, up to the limit', async () => {
  const chapter = (about: string) =>
    Array.from({ length: 40 }, (_, index) => `Note ${index} on ${about} for all who stay with us.`).join(' ');
  const { id } = await add('Rules', `${chapter('laundry')}\n\n${chapter('garden')}\n\nThe sauna opens at six.`);
  const [best, ...others] = await search('What is there to know on the garden?');
  expect(best!.text).toContain('garden');
  expect(best!.text.length).toBeLessThanOrEqual(1_000);
  expect(others.map(({ score }) => score)).toEqual(others.map(({ score }) => score).toSorted((a, b) => b - a));
  expect(best!.score).toBeGreaterThanOrEqual(others[0]!.score);
  expect((await search('sauna garden'))[0]).toMatchObject({ document_id: id });
  expect(await search('note', { limit: 1 })).toHaveLength(1);
  await add('More', chapter('bicycles').repeat(6));
  expect(await search('notes')).toHaveLength(5);
  expect((await search('notes', { limit: 20 })).length).toBeGreaterThan(5);
  for (const nothing of ['zebra', '?!', "'", 'a:* & | <-> b\\']) expect(await search(nothing)).toEqual([]);
  for (const bad of [
    {},
    { query: '' },
    { query: 'x'.repeat(501) },
    { query: 'a', limit: 21 },
    { query: 'a', limit: 0 },
  ]) {
    await client.get(`/knowledge-bases/${base}/search`).query(bad).expect(400);
  }
});

it('a search excludes other bases, other orgs and deleted documents', async () => {
  const document = await add('Wifi', 'The password of the wifi is on the fridge.');
  const other = await newBase();
  const here = base;
  base = other;
  expect(await search('wifi password')).toEqual([]);
  expect((await client.get(`${documents()}/${document.id}`).expect(404)).body).toEqual(missing('Document'));
  await client.delete(`${documents()}/${document.id}`).expect(404);
  base = here;
  await client.delete(`${documents()}/${document.id}`).expect(204);
  expect(await search('wifi password')).toEqual([]);
  const stranger = await server.newClient();
  for (const id of [base, UNKNOWN_ID, 'x']) {
    const answers = [
      await stranger.get(`/knowledge-bases/${id}`),
      await stranger.patch(`/knowledge-bases/${id}`).send({ name: 'Mine' }),
      await stranger.delete(`/knowledge-bases/${id}`),
      await stranger.get(`/knowledge-bases/${id}/search?query=wifi`),
      await stranger.get(documents(id)),
      await stranger.post(documents(id)).send({ title: 'A', content: 'B' }),
      await stranger.post(documents(id)).field('title', 'A').attach('file', Buffer.from('B'), 'b.txt'),
    ];
    for (const { status, body } of answers)
      expect({ status, body }).toEqual({ status: 404, body: missing('Knowledge base') });
  }
  expect(await filesIn(filesDir).then((files) => files.filter((name) => name.endsWith('.part')))).toEqual([]);
});

it('deleting a knowledge base deletes its documents and files', async () => {
  const { pool } = server.database;
  const count = async (table: string) =>
    (await pool.query(`SELECT count(*)::int FROM ${table} WHERE org_id = $1`, [org.id])).rows[0].count;
  await over((await upload('Some text', 'text/plain', 'a.txt').expect(201)).body);
  await add('Wifi', 'The password of the wifi is on the fridge.');
  expect([await count('knowledge_passages'), await count('stored_files')]).toEqual([2, 1]);
  await client.delete(`/knowledge-bases/${base}`).expect(204);
  expect([await count('knowledge_documents'), await count('knowledge_passages')]).toEqual([0, 0]);
  await until('its files are deleted', async () => (await count('stored_files')) === 0);
});

it('a refused document stores nothing', async () => {
  const file = (content: Buffer | string, type: string) => upload(content, type, 'file');
  const refusals: [number, ReturnType<typeof upload>][] = [
    [415, file('<html></html>', 'text/html')],
    [415, file(Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), 'image/png')],
    [400, file('plain', 'application/pdf')],
    [413, file('x'.repeat(10 * 1024 * 1024 + 1), 'text/plain')],
    [400, upload('text', 'text/plain', 'a.txt').field('content', 'more')],
    [400, upload('text', 'text/plain', 'a.txt', 'x'.repeat(201))],
    [400, client.post(documents()).attach('file', Buffer.from('text'), 'a.txt')],
    [400, client.post(documents()).field('title', 'No file')],
    [400, client.post(documents()).send({ title: 'No content' })],
    [400, client.post(documents()).send({ content: 'No title' })],
    [400, client.post(documents()).send({ title: 'A', content: 'x'.repeat(100_001) })],
    [400, client.post(documents()).send({ title: 'A', content: 'B', file: 'C' })],
  ];
  for (const [status, request] of refusals) expect((await request).status).toBe(status);
  expect((await client.get(documents()).expect(200)).body.items).toEqual([]);
  const { rows } = await server.database.pool.query('SELECT FROM stored_files WHERE org_id = $1', [org.id]);
  expect(rows).toEqual([]);
});

it('a text that is sent twice with one Idempotency-Key becomes one document', async () => {
  const send = () =>
    client.post(documents()).set('Idempotency-Key', 'once').send({ title: 'A', content: 'Once' }).expect(201);
  expect((await send()).body).toEqual((await send()).body);
  expect((await client.get(documents()).expect(200)).body.items).toHaveLength(1);
});

it('an agent can be linked to a knowledge base of its org, which cannot be deleted while linked', async () => {
  const { body: agent } = await client.post('/agents').send({ name: 'Guide', knowledge_base_id: base }).expect(201);
  expect(agent.knowledge_base_id).toBe(base);
  const used = { statusCode: 409, message: 'Knowledge base is used by an agent', code: 'in_use' };
  expect((await client.delete(`/knowledge-bases/${base}`).expect(409)).body).toEqual(used);
  const theirs = await newBase(await server.newClient());
  for (const knowledge_base_id of [theirs, UNKNOWN_ID, 'x']) {
    const { body } = await client.patch(`/agents/${agent.id}`).send({ name: 'Other', knowledge_base_id }).expect(404);
    expect(body).toEqual(missing('Knowledge base'));
  }
  expect((await client.get(`/agents/${agent.id}`).expect(200)).body).toEqual(agent);
  await client.patch(`/agents/${agent.id}`).send({ knowledge_base_id: null }).expect(200);
  await client.delete(`/knowledge-bases/${base}`).expect(204);
});
