import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ActionCalls } from '../../src/resources/automation/actions/action-calls.service.js';
import { Conversations } from '../support/conversations.js';
import { TestServer } from '../support/start-app.js';
import { StubServer } from '../support/stub-server.js';
import { UNKNOWN_ID } from '../support/unknown-id.js';

const MEBIBYTE = 1024 * 1024;
const fromPackage = (path: string) => readFileSync(createRequire(import.meta.url).resolve(path), 'utf8');

interface ShownAction {
  readonly id: string;
  readonly operation_id: string | null;
  readonly api_endpoint: string;
  readonly payload: {
    readonly parameters: readonly { name: string; in: string; schema: object }[];
    readonly requestBody?: { readonly content: Record<string, { schema: Record<string, unknown> }> };
  };
  readonly [field: string]: unknown;
}

let server: TestServer;
let api: StubServer;
/** A host that must never receive a request. */
let secret: StubServer;
let here: Conversations;
beforeAll(async () => {
  [api, secret] = await Promise.all([StubServer.start(), StubServer.start()]);
  server = await TestServer.start({ OUTBOUND_ALLOWED_HOSTS: `127.0.0.1:${api.port}` });
});
afterAll(() => Promise.all([server.close(), api.close(), secret.close()]));

const ORDER = {
  name: 'Look up an order',
  api_endpoint: 'https://api.acme.example/orders/{order_id}',
  request_type: 'GET',
  payload: {
    parameters: [{ name: 'order_id', in: 'path', required: true, schema: { type: 'string' } }],
    responses: { 200: { description: 'The order' } },
  },
};

const make = async (fields: object = {}, of = here) =>
  (
    await of.client
      .post('/actions')
      .send({ ...ORDER, ...fields })
      .expect(201)
  ).body as ShownAction;
const all = async () => {
  const actions: ShownAction[] = [];
  for (let next: string | null = ''; next !== null;) {
    const { body } = await here.client.get(`/actions?limit=100${next && `&cursor=${next}`}`).expect(200);
    const page = body as { items: ShownAction[]; next: string | null };
    actions.push(...page.items);
    next = page.next;
  }
  return actions;
};
const put = (document: string | object, fields: Record<string, string> = {}, filename = 'api.yaml') => {
  const content = typeof document === 'string' ? document : JSON.stringify(document);
  const request = here.client.put('/actions').attach('file', Buffer.from(content), { filename });
  for (const [name, value] of Object.entries(fields)) request.field(name, value);
  return request;
};
const refusal = async (document: string | object, fields?: Record<string, string>) => {
  const { body } = await put(document, fields).expect(400);
  const { code, message, errors } = body as { code: string; message: string; errors: unknown[] };
  expect(errors).toEqual([]);
  return `${code} ${message}`;
};
const documentOf = (paths: object, more: object = {}) => ({
  openapi: '3.1.0',
  info: { title: 'Acme', version: '1' },
  servers: [{ url: 'https://api.acme.example/v1' }],
  paths,
  ...more,
});
const get = (operation: object = {}) => ({ get: { responses: {}, ...operation } });

/** A YAML alias bomb: each alias expands to nine of the one before. */
const BOMB = [
  'openapi: 3.0.0',
  'x-a: &a [x,x,x,x,x,x,x,x,x]',
  ...[...'bcdefghijkl'].map(
    (name, index) => `x-${name}: &${name} [${Array(9).fill(`*${'abcdefghijkl'[index]}`).join(',')}]`,
  ),
  'paths: {}',
].join('\n');
const TYPE = { components: { schemas: { A: { type: 'int' } } } };
const query = (schema: object) => documentOf({ '/a': get({ parameters: [{ name: 'q', in: 'query', schema }] }) }, TYPE);

const newOrg = async () => {
  here = await Conversations.of(server);
};

describe('an action', () => {
  beforeAll(newOrg);

  it('has defaults, can be updated in part, and can be deleted', async () => {
    const made = await make();
    expect(made).toEqual({
      ...ORDER,
      id: expect.any(String),
      description: null,
      operation_id: null,
      credential_id: null,
      status: 'live',
      pinned: false,
      tags: [],
      enabled_on_channel: { channels: [] },
      is_handoff_like: false,
      require_form_submission: false,
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
    const path = `/actions/${made.id}`;
    const change = { enabled_on_channel: { channels: ['web', 'sms'] }, operation_id: 'getOrder', tags: ['orders'] };
    expect((await here.client.patch(path).send(change).expect(200)).body).toMatchObject(change);
    expect((await here.client.patch(path).send({ operation_id: null }).expect(200)).body).toMatchObject({
      ...change,
      operation_id: null,
    });
    const stranger = await Conversations.of(server);
    await stranger.client.get(path).expect(404);
    await stranger.client.patch(path).send({ api_endpoint: 'https://b.example' }).expect(404);
    await here.client.delete(path).expect(204);
    await here.client.get(path).expect(404);
  });

  it('has an operation id that is unique within the org', async () => {
    await make({ operation_id: 'getOrder' });
    const { body } = await here.client
      .post('/actions')
      .send({ ...ORDER, operation_id: 'getOrder' })
      .expect(409);
    expect(body).toEqual({ statusCode: 409, message: 'Action with this operation_id already exists', code: 'taken' });
    await make({ operation_id: 'getOrder' }, await Conversations.of(server));
  });

  it.each<[object, string]>([
    [{ api_endpoint: 'ftp://a.example' }, 'api_endpoint must be an http or https URL'],
    [{ api_endpoint: 'https://{order_id}.a.example/' }, 'api_endpoint must be an http or https URL'],
    [{ api_endpoint: 'https://user:pass@a.example/{order_id}' }, 'api_endpoint must be an http or https URL'],
    [
      { api_endpoint: 'https://a.example/{order_id}/{item}' },
      'the placeholder {item}, but the payload has no such path parameter',
    ],
    [{ api_endpoint: 'https://a.example/' }, 'has no placeholder {order_id} in api_endpoint'],
    [{ request_type: 'TRACE' }, 'request_type must be one of'],
    [{ payload: { parameters: [{ name: 'Host', in: 'header' }] } }, 'is a header that cannot be set'],
    [{ payload: { parameters: [{ name: 'a', in: 'body' }] } }, 'payload.parameters.0.in must be one of'],
    [{ payload: { colour: 'red' } }, 'payload.colour is not a known field'],
    [{ payload: { responses: { 200: { description: 'x'.repeat(65_537) } } } }, 'payload must be at most 64 KiB'],
    [{ enabled_on_channel: { channels: ['fax'] } }, 'enabled_on_channel.channels must be one of'],
    [{ tags: Array.from({ length: 21 }, (_, index) => `t${index}`) }, 'tags must contain no more than 20'],
    [{ is_handoff_like: true }, 'is_handoff_like is not a known field'],
  ])('refuses invalid body %#', async (fields, sentence) => {
    const sent = { ...ORDER, ...fields };
    const { body } = await here.client.post('/actions').send(sent).expect(400);
    expect((body as { message: string }).message).toContain(sentence);
  });

  it('validates the endpoint together with its placeholders, whichever changes', async () => {
    const { id } = await make();
    const { body } = await here.client.patch(`/actions/${id}`).send({ api_endpoint: 'https://a.example/' }).expect(400);
    expect((body as { message: string }).message).toContain('has no placeholder {order_id}');
    const payload = { parameters: [{ name: 'item', in: 'path' }] };
    await here.client.patch(`/actions/${id}`).send({ payload }).expect(400);
    await here.client.patch(`/actions/${id}`).send({ payload, api_endpoint: 'https://a.example/{item}' }).expect(200);
  });
});

describe('an OpenAPI import', () => {
  beforeEach(newOrg);

  it.each([
    ['Netlify, OpenAPI 2.0 in JSON', '@netlify/open-api', 181, 'https://api.netlify.com/api/v1/'],
    ['Figma, OpenAPI 3.1 in YAML', '@figma/rest-api-spec/openapi/openapi.yaml', 54, 'https://api.figma.com/'],
    ['rclone, OpenAPI 3.1 in JSON', 'rclone-openapi', 101, 'http://localhost:5572/'],
  ])('%s', async (_what, path, count, baseUrl) => {
    const { body } = await put(fromPackage(path)).expect(200);
    expect(body).toEqual({ imported: count });
    const actions = await all();
    expect(actions).toHaveLength(count);
    expect(actions.filter(({ api_endpoint }) => !api_endpoint.startsWith(baseUrl))).toEqual([]);
    expect(JSON.stringify(actions)).not.toContain('"$ref"');
  });

  it('ignores x-… extensions', async () => {
    const x = { 'x-note': 'ours', 'x-list': ['a'], 'x-null': null };
    const schema = { type: 'object', properties: { 'x-id': { type: 'string' } }, ...x };
    await put(
      documentOf(
        {
          ...x,
          'x-webhooks': { get: { responses: {} } },
          '/orders': {
            ...x,
            'x-get': { responses: {} },
            post: {
              ...x,
              summary: 'Add an order',
              parameters: [
                { name: 'filter', in: 'query', content: { ...x, 'application/json': { schema, ...x } }, ...x },
              ],
              requestBody: { ...x, content: { ...x, 'application/json': { schema, ...x }, 'x-world/x-vrml': {} } },
              responses: { ...x, 200: { ...x, description: 'Added', content: { ...x, 'application/json': {} } } },
            },
          },
        },
        x,
      ),
    ).expect(200);
    const actions = await all();
    expect(actions.map(({ name }) => name)).toEqual(['Add an order']);
    const known = { type: 'object', properties: { 'x-id': { type: 'string' } } };
    expect(actions[0]!.payload).toMatchObject({
      parameters: [{ name: 'filter', schema: known }],
      requestBody: { content: { 'application/json': { schema: known }, 'x-world/x-vrml': {} } },
      responses: { 200: { description: 'Added', content: { 'application/json': {} } } },
    });
    expect(JSON.stringify(actions[0]!.payload)).not.toMatch(/x-(note|list|null|get)/);
  });

  it.each(['2.0', '3.0.3', '3.1.0'])('reads the same parameters and bodies from OpenAPI %s', async (version) => {
    const order = { type: 'object', required: ['sku'], properties: { sku: { type: 'string' } } };
    const parameters = [
      { name: 'shop', in: 'path', required: true, type: 'string', schema: { type: 'string' } },
      { name: 'dry_run', in: 'query', description: 'Try it', type: 'boolean', schema: { type: 'boolean' } },
    ].map(({ type, schema, ...rest }) => (version === '2.0' ? { ...rest, type } : { ...rest, schema }));
    const operation = { operationId: 'addOrder', summary: 'Add an order', tags: ['orders'], responses: {} };
    const document =
      version === '2.0'
        ? {
            swagger: '2.0',
            host: 'api.acme.example',
            basePath: '/v1',
            schemes: ['http', 'https'],
            consumes: ['application/json'],
            definitions: { Order: order },
            paths: {
              '/shops/{shop}/orders': {
                parameters,
                post: {
                  ...operation,
                  parameters: [{ name: 'o', in: 'body', required: true, schema: { $ref: '#/definitions/Order' } }],
                },
              },
            },
          }
        : {
            openapi: version,
            servers: [{ url: 'https://{area}.acme.example/v1', variables: { area: { default: 'api' } } }],
            components: { schemas: { Order: order } },
            paths: {
              '/shops/{shop}/orders': {
                parameters,
                post: {
                  ...operation,
                  requestBody: {
                    required: true,
                    content: { 'application/json': { schema: { $ref: '#/components/schemas/Order' } } },
                  },
                },
              },
            },
          };
    await put(document).expect(200);
    const [action] = await all();
    expect(action).toMatchObject({
      name: 'Add an order',
      description: null,
      api_endpoint: 'https://api.acme.example/v1/shops/{shop}/orders',
      request_type: 'POST',
      operation_id: 'addOrder',
      tags: ['orders'],
      enabled_on_channel: { channels: ['web'] },
    });
    expect(action!.payload).toEqual({
      base_url: 'https://api.acme.example/v1',
      path: '/shops/{shop}/orders',
      method: 'POST',
      operationId: 'addOrder',
      summary: 'Add an order',
      parameters: [
        { name: 'shop', in: 'path', required: true, schema: { type: 'string' } },
        { name: 'dry_run', in: 'query', description: 'Try it', required: false, schema: { type: 'boolean' } },
      ],
      requestBody: { required: true, content: { 'application/json': { schema: order } } },
      responses: {},
    });
  });

  it('replaces earlier imports, keeps the ids of operations that remain, and leaves other actions alone', async () => {
    const byHand = await make({ operation_id: 'mine' });
    const paths = { '/a': get({ operationId: 'a' }), '/b': get({ operationId: 'b' }), '/c': get() };
    await put(documentOf(paths)).expect(200);
    const before = new Map((await all()).map(({ api_endpoint, id }) => [api_endpoint, id]));
    await put(documentOf({ '/a2': get({ operationId: 'a' }), '/c': get({ summary: 'C' }), '/d': get() })).expect(200);
    const after = new Map((await all()).map(({ api_endpoint, id }) => [api_endpoint, id]));
    const at = (path: string) => `https://api.acme.example/v1${path}`;
    expect([...after.keys()].sort()).toEqual([ORDER.api_endpoint, at('/a2'), at('/c'), at('/d')].sort());
    expect(after.get(at('/a2'))).toBe(before.get(at('/a')));
    expect(after.get(at('/c'))).toBe(before.get(at('/c')));
    expect(after.get(ORDER.api_endpoint)).toBe(byHand.id);
  });

  it('changes nothing if another action has one of its operation ids', async () => {
    await put(documentOf({ '/a': get({ operationId: 'a' }) })).expect(200);
    await make({ operation_id: 'mine' });
    const before = await all();
    await put(documentOf({ '/b': get({ operationId: 'b' }), '/c': get({ operationId: 'mine' }) })).expect(409);
    expect(await all()).toEqual(before);
  });

  it('leaves the result of one of several concurrent imports', async () => {
    const documents = ['x', 'y', 'z'].map((name) =>
      documentOf({ [`/${name}`]: get({ operationId: name }), '/all': get({ operationId: 'all' }) }),
    );
    await Promise.all(documents.map((document) => put(document).expect(200)));
    expect(await all()).toHaveLength(2);
  });

  it('accepts a base URL, and requires it if the document has none', async () => {
    const document = documentOf({ '/a': get() }, { servers: [{ url: '/v1' }] });
    expect(await refusal(document)).toBe(
      'cannot_determine_api_endpoint GET /a: no server with an absolute URL is named: send server_base_url',
    );
    await put(document, { server_base_url: 'https://b.example/api/' }).expect(200);
    expect((await all())[0]!.api_endpoint).toBe('https://b.example/api/a');
    const { body } = await put(document, { server_base_url: 'file:///etc' }).expect(400);
    expect((body as { message: string }).message).toContain('server_base_url must be an http or https URL');
  });

  it('fetches no reference outside of the document', async () => {
    const url = `http://127.0.0.1:${secret.port}/schema.json`;
    const $ref = { $ref: url };
    await refusal(query($ref));
    await refusal(documentOf({ '/a': $ref }));
    await refusal(documentOf({ '/a': get({ requestBody: $ref }) }));
    await refusal(`openapi: 3.1.0\npaths: !include ${url}\n`);
    expect(secret.connections).toBe(0);
  });

  it('cuts recursive references, and bounds the depth of growing ones', async () => {
    const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
    const wide = Array.from({ length: 12 }, (_, index) => [`p${index}`, ref('Wide')]);
    const levels = Array.from({ length: 9 }, (_, level) => [
      `L${level}`,
      { type: 'object', properties: Object.fromEntries('abcdef'.split('').map((key) => [key, ref(`L${level + 1}`)])) },
    ]);
    const schemas = {
      Node: { type: 'object', properties: { next: ref('Node'), value: { type: 'string' } } },
      Wide: { type: 'object', properties: Object.fromEntries(wide) },
      ...Object.fromEntries(levels),
      L9: { type: 'string' },
    };
    const body = (name: string) => ({
      post: { requestBody: { content: { 'application/json': { schema: ref(name) } } } },
    });
    await put(documentOf({ '/a': body('Node'), '/b': body('Wide'), '/c': body('L0') }, { components: { schemas } }));
    const [c, b, a] = (await all()).map(({ payload }) => payload.requestBody!.content['application/json']!.schema);
    expect(a).toEqual({ type: 'object', properties: { next: { title: 'Node' }, value: { type: 'string' } } });
    expect((b!['properties'] as Record<string, unknown>)['p3']).toEqual({ title: 'Wide' });
    expect(JSON.stringify(c).length).toBeLessThan(65_536);
    expect(c).toMatchObject({ properties: { a: { properties: { a: { type: 'object' } } } } });
  });

  it('refuses a file over 1 MiB with 413, and one that is not UTF-8 with 400', async () => {
    await put(`# ${'x'.repeat(MEBIBYTE)}`).expect(413);
    await here.client
      .put('/actions')
      .attach('file', Buffer.from([0xff, 0xfe]), 'a.yaml')
      .expect(400);
  });
});

describe('an invalid OpenAPI document is refused', () => {
  beforeAll(newOrg);
  afterAll(async () => expect(await all()).toEqual([]));

  it.each<[string, string | object]>([
    ['failed_to_parse_spec The document is neither JSON nor YAML', '{"openapi": "3.1.0",'],
    ['failed_to_parse_spec The document must declare swagger', 'just a text'],
    ['failed_to_parse_spec The document must declare swagger', { openapi: '4.0.0' }],
    ['failed_to_parse_spec The document must declare swagger', 'swagger: "1.2"'],
    ['failed_to_parse_spec The document has no operations', documentOf({})],
    [
      'failed_to_parse_spec The document is nested too',
      `{"swagger":"2.0","x":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
    ],
    ['failed_to_parse_spec The document is not valid OpenAPI: its aliases expand to too many values', BOMB],
    ['failed_to_parse_spec The document is not valid OpenAPI: its aliases expand', 'openapi: 3.0.0\npaths: &a {x: *a}'],
    [
      'failed_to_parse_spec GET /b: the operationId x is used twice',
      documentOf({ '/a': get({ operationId: 'x' }), '/b': get({ operationId: 'x' }) }),
    ],
    ['failed_to_parse_spec GET /a: ./b.yaml refers to another document', query({ $ref: './b.yaml' })],
    ['failed_to_parse_spec GET /a: file:///etc/passwd refers to', query({ $ref: 'file:///etc/passwd' })],
    ['failed_to_parse_spec GET /a contains a character', documentOf({ '/a': get({ summary: 'a\0b' }) })],
    ['invalid_tool_schema GET /a: #/components/schemas/B does not exist', query({ $ref: '#/components/schemas/B' })],
    ['invalid_tool_schema GET /a: the schema of q is not valid', query({ $ref: '#/components/schemas/A' })],
    ['invalid_tool_schema GET /a: a parameter must have a name', documentOf({ '/a': get({ parameters: [{}] }) })],
    ['invalid_tool_schema GET /a exceeds 64 KiB', query({ enum: ['x'.repeat(70_000)] })],
    ['cannot_determine_api_endpoint GET a:', documentOf({ a: get() })],
  ])('%s', async (answer, document) => {
    expect(await refusal(document)).toContain(answer);
  });
});

describe('an action call', () => {
  beforeAll(newOrg);

  const call = (actionId: string, input: object, orgId = here.org.id, options = {}) =>
    server.app.get(ActionCalls).call({ orgId, actionId }, input as Record<string, unknown>, options);

  it('sends each value where the payload declares it, with an idempotency key', async () => {
    api.answers(201, { made: true });
    const { id } = await make({
      api_endpoint: `${api.url}/shops/{shop}/orders`,
      request_type: 'POST',
      payload: {
        parameters: [
          { name: 'shop', in: 'path', required: true },
          { name: 'dry_run', in: 'query' },
          { name: 'Authorization', in: 'header' },
        ],
        requestBody: { required: true, content: { 'application/json': {} } },
      },
    });
    const input = { shop: 'a/b', dry_run: true, Authorization: 'Bearer x', body: { sku: '1' } };
    expect(await call(id, input, here.org.id, { idempotencyKey: 'run-1.step-2' })).toEqual({
      status: 201,
      body: { made: true },
    });
    expect(api.seen.at(-1)).toMatchObject({
      method: 'POST',
      path: '/shops/a%2Fb/orders?dry_run=true',
      headers: { authorization: 'Bearer x', 'idempotency-key': 'run-1.step-2', 'content-type': 'application/json' },
      body: '{"sku":"1"}',
    });
    await expect(call(id, { shop: 'a' })).rejects.toThrow('Look up an order: body is required');
    await expect(call(id, input, (await Conversations.of(server)).org.id)).rejects.toThrow(
      'The action does not exist.',
    );
    await expect(call(UNKNOWN_ID, input)).rejects.toThrow('The action does not exist.');
  });

  it('sends a 64-bit id without rounding', async () => {
    const { id } = await make({ api_endpoint: `${api.url}/x`, request_type: 'POST', payload: {} });
    api.answer = (_request, response) => response.writeHead(200).end('{"id":8202522731445525542,"n":7}');
    expect(await call(id, {})).toEqual({ status: 200, body: { id: '8202522731445525542', n: 7 } });
  });

  it.each(['PUT', 'PATCH', 'DELETE'])('%s, and an answer that is not JSON is text', async (method) => {
    api.answer = (_request, response) => response.writeHead(409).end('taken');
    const { id } = await make({ api_endpoint: `${api.url}/x`, request_type: method, payload: {} });
    expect(await call(id, {})).toEqual({ status: 409, body: 'taken' });
    expect(api.seen.at(-1)).toMatchObject({ method, path: '/x' });
  });

  it('connects to no address that is not public, also after a redirect', async () => {
    const { id } = await make({ api_endpoint: `http://127.0.0.1:${secret.port}/`, payload: {} });
    await expect(call(id, {})).rejects.toMatchObject({ reason: 'unreachable' });
    api.answers(302, {}, { location: `http://127.0.0.1:${secret.port}/` });
    const { id: redirected } = await make({ api_endpoint: `${api.url}/`, payload: {} });
    await expect(call(redirected, {})).rejects.toMatchObject({ reason: 'unreachable' });
    expect(secret.connections).toBe(0);
  });

  it('ends when the caller aborts', async () => {
    api.answer = () => undefined;
    const { id } = await make({ api_endpoint: `${api.url}/`, payload: {} });
    const reason = new Error('the server is ending');
    const controller = new AbortController();
    const answer = call(id, {}, here.org.id, { signal: controller.signal });
    controller.abort(reason);
    await expect(answer).rejects.toBe(reason);
  });
});
