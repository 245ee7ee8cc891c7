import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AgentClient, newAgentKey, type TestAgent } from '../support/agent-key.js';
import { ModelStub } from '../support/model-stub.js';
import { type TestOrg, TestServer } from '../support/start-app.js';
import { filesIn } from '../support/stored-files.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { UNKNOWN_ID } from '../support/unknown-id.js';
import { until } from '../support/until.js';

const PDF = {
  content: readFileSync('test/fixtures/invoice.pdf'),
  filename: 'invoice.pdf',
  contentType: 'application/pdf',
};
const DOCX = {
  content: readFileSync('test/fixtures/agreement.docx'),
  filename: 'agreement.docx',
  contentType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
};
const text = (content: string) => ({ content: Buffer.from(content), filename: 'note.txt', contentType: 'text/plain' });
type Document = ReturnType<typeof text>;

const INVOICE = [
  { key: 'invoice_number', type: 'string', required: true },
  { key: 'invoice_date', type: 'date', required: true },
  { key: 'due', type: 'date', label: 'Due date' },
  { key: 'total_due', type: 'number', required: true, description: 'With VAT' },
  { key: 'paid', type: 'boolean' },
  { key: 'items', type: 'array', label: 'Description' },
];
const AGREEMENT = [
  { key: 'agreement_number', type: 'string', required: true },
  { key: 'tenant', type: 'string', label: 'Tenant name' },
  { key: 'start_date', type: 'date' },
  { key: 'rent', type: 'number', label: 'Monthly rent' },
  { key: 'pets_allowed', type: 'boolean' },
  { key: 'room', type: 'array' },
];

interface Extraction {
  readonly id: string;
  readonly status: string;
  readonly fields: Record<string, { value: unknown; confidence: number }> | null;
  readonly error: string | null;
  readonly completed_at: string | null;
}

let server: TestServer;
const filesDir = temporaryFolder();
let org: TestOrg;
let agent: TestAgent;
let client: AgentClient;

async function startWith(settings: Record<string, string> = {}): Promise<void> {
  server = await TestServer.start({ FILES_DIR: filesDir, ...settings });
}

async function nextAgent(): Promise<void> {
  org = await server.newOrg();
  agent = await newAgentKey(server, org);
  ({ client } = agent);
}

const at = (id?: string) => `/v1/open/document-extraction${id === undefined ? '' : `/${id}`}/chatbots/${agent.id}`;
const post = ({ content, ...file }: Document, schema: unknown) =>
  client.post(at()).attach('file', content, file).field('schema', JSON.stringify(schema));
const read = async (id: string): Promise<Extraction> => (await client.get(at(id)).expect(200)).body.data;

async function extracted(document: Document, schema: unknown): Promise<Extraction> {
  const { id } = (await post(document, schema).expect(202)).body.data as { id: string };
  let extraction!: Extraction;
  const isOver = async () => ['completed', 'failed'].includes((extraction = await read(id)).status);
  await until('it has ended', isOver, { everyMs: 50 });
  return extraction;
}

describe('without a language model', () => {
  beforeAll(() => startWith());
  afterAll(() => server.close());
  beforeEach(nextAgent);

  it('reads a PDF invoice', async () => {
    const { body } = await post(PDF, INVOICE).expect(202);
    expect(body).toEqual({ success: true, message: 'OK', data: { id: expect.any(String), status: 'queued' } });
    expect(await extracted(PDF, INVOICE)).toEqual({
      id: expect.any(String),
      status: 'completed',
      fields: {
        invoice_number: { value: 'AT-2026-0315', confidence: 0.95 },
        invoice_date: { value: '2026-03-15', confidence: 0.95 },
        due: { value: '2026-04-14', confidence: 0.95 },
        total_due: { value: 1334.49, confidence: 0.95 },
        paid: { value: false, confidence: 0.95 },
        items: { value: ['Glacier walk, guided', 'Lunch package', 'Shuttle bus'], confidence: 0.81 },
      },
      error: null,
      completed_at: expect.stringMatching(/Z$/),
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
  });

  it('reads a DOCX agreement', async () => {
    expect((await extracted(DOCX, AGREEMENT)).fields).toEqual({
      agreement_number: { value: 'RA-4711', confidence: 0.95 },
      tenant: { value: 'Zoë Müller & Sons', confidence: 0.95 },
      start_date: { value: '2026-05-01', confidence: 0.95 },
      rent: { value: 1450, confidence: 0.95 },
      pets_allowed: { value: true, confidence: 0.95 },
      room: { value: ['Kitchen', 'Bedroom'], confidence: 0.81 },
    });
  });

  it('reads a TXT, with less confidence for ambiguous text', async () => {
    const schema = INVOICE.slice(1, 5);
    const { fields } = await extracted(
      text('Invoice date: 03/04/2026\nTotal amount due: 12.50 net\nPaid: yes'),
      schema,
    );
    expect(fields).toEqual({
      invoice_date: { value: '2026-04-03', confidence: 0.57 },
      due: { value: null, confidence: 0 },
      total_due: { value: 12.5, confidence: 0.35 },
      paid: { value: true, confidence: 0.95 },
    });
  });

  it('fails if a required field is missing, and names it', async () => {
    const one = await extracted(text('Invoice number: 1\nTotal due: 3'), INVOICE);
    expect(one).toMatchObject({
      status: 'failed',
      fields: null,
      error: 'A required field was not found: invoice_date.',
    });
    const { error } = await extracted(text('Hello'), INVOICE);
    expect(error).toBe('Required fields were not found: invoice_number, invoice_date, total_due.');
  });

  it.each<[string, Document, string]>([
    ['damaged', { ...PDF, content: PDF.content.subarray(0, 700) }, 'The document is damaged.'],
    ['only a beginning', { ...PDF, content: Buffer.from('%PDF-1.7\nnothing') }, 'The document is damaged.'],
    ['without text', text(' \n'), 'The document has no text.'],
  ])('reports a document that is %s', async (_what, document, error) => {
    expect(await extracted(document, INVOICE)).toMatchObject({ status: 'failed', error });
  });

  it('deletes a document once it is read', async () => {
    const before = await filesIn(filesDir);
    await extracted(PDF, INVOICE);
    await until('it is deleted', async () => (await filesIn(filesDir)).length <= before.length);
    const sql = 'SELECT count(*)::int FROM stored_files WHERE org_id = $1';
    await until(
      'its row is deleted too',
      async () => (await server.database.pool.query(sql, [org.id])).rows[0].count === 0,
    );
  });

  it('reads many documents concurrently', async () => {
    const numbers = Array.from({ length: 12 }, (_, index) => index);
    const found = await Promise.all(
      numbers.map((number) => extracted(text(`Number: ${number}`), [{ key: 'number', type: 'number' }])),
    );
    expect(found.map(({ fields }) => fields!['number']!.value)).toEqual(numbers);
  });

  it('lists extractions of the agent by status, newest first', async () => {
    const done = await extracted(text('A: 1'), [{ key: 'a', type: 'number' }]);
    const failed = await extracted(text('A: 1'), [{ key: 'b', type: 'number', required: true }]);
    const list = async (query: string) => (await client.get(`${at()}?${query}`).expect(200)).body;
    expect(await list('')).toMatchObject({ data: [failed, done], pagination: { total: 2, total_pages: 1 } });
    expect((await list('status=failed')).data).toEqual([failed]);
    await client.get(`${at()}?status=over`).expect(400);
    const other = await newAgentKey(server, org);
    const path = `/v1/open/document-extraction/${done.id}/chatbots/${other.id}`;
    const unknown = {
      statusCode: 404,
      message: 'Document extraction not found',
      error: 'Not Found',
      code: 'not_found',
    };
    expect((await other.client.get(path).expect(404)).body).toEqual(unknown);
    await client.get(at(UNKNOWN_ID)).expect(404);
    await other.client.get(at(done.id)).expect(403);
  });

  it.each<[string, unknown, string]>([
    ['none', [], 'schema'],
    ['no list', {}, 'schema'],
    ['too many', Array.from({ length: 51 }, (_, index) => ({ key: `k${index}`, type: 'string' })), 'schema'],
    [
      'one twice',
      [
        { key: 'a', type: 'string' },
        { key: 'a', type: 'number' },
      ],
      'schema',
    ],
    ['no type', [{ key: 'a' }], 'schema.0.type'],
    ['an unknown type', [{ key: 'a', type: 'money' }], 'schema.0.type'],
    ['no key', [{ type: 'string' }], 'schema.0.key'],
    ['an odd key', [{ key: '__proto__', type: 'string' }], 'schema.0.key'],
    ['an unknown setting', [{ key: 'a', type: 'string', format: 'x' }], 'schema.0.format'],
  ])('refuses a schema of %s, and stores nothing', async (_what, schema, field) => {
    const { body } = await post(text('A: 1'), schema).expect(400);
    expect(body.errors.map((error: { field: string }) => error.field)).toEqual([field]);
    const { rows } = await server.database.pool.query('SELECT FROM stored_files WHERE org_id = $1', [org.id]);
    expect(rows).toEqual([]);
  });

  it('refuses a malformed or missing schema, and a picture', async () => {
    const attach = () => client.post(at()).attach('file', Buffer.from('A: 1'), 'a.txt');
    expect((await attach().field('schema', '[{').expect(400)).body.message).toBe('The body is not valid JSON.');
    await attach().expect(400);
    const SCHEMA = '[{"key":"a","type":"number"}]';
    const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
    const { body } = await client.post(at()).attach('file', png, 'a.png').field('schema', SCHEMA).expect(415);
    expect(body.message).toBe('The file must be PDF, DOCX or TXT.');
  });

  it.each([
    ['document-extraction:create', 'POST'],
    ['document-extraction:read', 'GET'],
  ] as const)('only %s allows %s, and scopes of contacts do not', async (scope, method) => {
    const contacts = ['contacts:create', 'contacts:read', 'contacts:update', 'contacts:delete'] as const;
    const other = scope === 'document-extraction:read' ? 'document-extraction:create' : 'document-extraction:read';
    const ask = ({ client: by }: TestAgent) =>
      method === 'GET'
        ? by.get(at())
        : by.post(at()).attach('file', Buffer.from('A: 1'), 'a.txt').field('schema', '[{"key":"a","type":"number"}]');
    const without = await ask(await newAgentKey(server, org, { agentId: agent.id, scopes: [...contacts, other] }));
    expect([without.status, without.body.message]).toEqual([
      403,
      `This API key does not have the required scope: "${scope}".`,
    ]);
    const only = await ask(await newAgentKey(server, org, { agentId: agent.id, scopes: [scope] }));
    expect(only.status).toBe(method === 'GET' ? 200 : 202);
  });
});

describe('with a language model', () => {
  let model: ModelStub;
  beforeAll(async () => {
    model = await ModelStub.start();
    await startWith({ LLM_BASE_URL: model.url, LLM_API_KEY: 'llm-secret', LLM_MODEL: 'reader-1' });
  });
  afterAll(async () => {
    await server.close();
    await model.stop();
  });
  beforeEach(async () => {
    await nextAgent();
    model.asked.length = 0;
  });

  const said = (value: unknown, confidence: unknown = 0.9) => ({ value, confidence });

  it('calls it once for all fields, with text and schema, and accepts values of the declared type', async () => {
    model.answers = [
      {
        invoice_number: said('AT-2026-0315'),
        invoice_date: said('2026-03-15', 1.7),
        due: said('soon'),
        total_due: said(1334.49, 'sure'),
        paid: said('no'),
        items: said(['Glacier walk, guided']),
        extra: said('x'),
      },
    ];
    const { status, fields } = await extracted(PDF, INVOICE);
    expect(status).toBe('completed');
    expect(fields).toEqual({
      invoice_number: said('AT-2026-0315'),
      invoice_date: said('2026-03-15', 1),
      due: said(null, 0),
      total_due: said(1334.49, 0),
      paid: said(null, 0),
      items: said(['Glacier walk, guided']),
    });
    const [{ authorization, body }] = model.asked as [(typeof model.asked)[number]];
    expect(model.asked).toHaveLength(1);
    expect(authorization).toBe('Bearer llm-secret');
    expect(body.model).toBe('reader-1');
    expect(body.messages.at(-1)!.content).toContain('Invoice No.:\tAT-2026-0315');
    const { schema } = body.response_format.json_schema;
    expect(schema).toMatchObject({ required: INVOICE.map(({ key }) => key), additionalProperties: false });
  });

  it('fails if it finds no value for a required field', async () => {
    model.answers = [{ a: said(null, 0) }];
    const { status, error } = await extracted(text('A: 1'), [{ key: 'a', type: 'number', required: true }]);
    expect({ status, error }).toEqual({ status: 'failed', error: 'A required field was not found: a.' });
  });

  it('retries while it is busy or returns invalid answers', async () => {
    model.answers = [503, 'no JSON', { a: said(1) }];
    const { id } = (await post(text('A: 1'), [{ key: 'a', type: 'number' }]).expect(202)).body.data;
    await until('it is completed', async () => (await read(id)).status === 'completed', { everyMs: 100 });
    expect((await read(id)).fields).toEqual({ a: said(1) });
    expect(model.asked).toHaveLength(3);
  });
});
