import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OPERATOR } from '../../src/kit/audit/actor.js';
import { SecretBox } from '../../src/core/encryption/secret-box.js';
import { Orgs } from '../../src/tenancy/orgs/orgs.service.js';
import { TestServer, type TestOrg, type TestPartner } from '../support/start-app.js';
import { newOpaqueKey } from '../support/stored-keys.js';
import { StubServer } from '../support/stub-server.js';
import { readTables } from '../contract/support/table-rows.js';
import { UNKNOWN_ID } from '../support/unknown-id.js';
import { until } from '../support/until.js';

const ENCODINGS = ['hex', 'base64', 'base64url'] as const;

interface Provider {
  readonly credentials: Readonly<Record<string, string>>;
  /** The provider's documented response to valid credentials. */
  readonly welcome: unknown;
  /** The documented request: `METHOD path`, headers and body. */
  readonly request: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Responses that mean invalid credentials. */
  readonly rejections: readonly (readonly [number, unknown])[];
  /** Invalid values, by field. */
  readonly wrong: Readonly<Record<string, readonly unknown[]>>;
}

const WRONG_SECRETS = ['', 'a b', 'a\r\nX-Evil: 1', 'ü', 7, null, 'x'.repeat(501)];
const WRONG_NAMES = [
  '',
  'Acme',
  'acme.example',
  'a/b',
  'a@b',
  'a:1',
  '..',
  'a#',
  'a?',
  'http://a',
  7,
  null,
  'x'.repeat(64),
];

const PROVIDERS: Readonly<Record<string, Provider>> = {
  fareharbor: {
    credentials: { app_key: 'b1946ac9-app-key-0001', user_key: '2d9f4f8e-user-key-0001' },
    welcome: { companies: [{ shortname: 'hawaiianadventures', name: 'Hawaiian Adventures' }] },
    request: 'GET /fareharbor/companies/',
    headers: {
      'x-fareharbor-api-app': 'b1946ac9-app-key-0001',
      'x-fareharbor-api-user': '2d9f4f8e-user-key-0001',
    },
    body: '',
    rejections: [
      [403, { error: 'API user key is invalid', code: 'user-key-invalid', status: 403 }],
      [401, {}],
    ],
    wrong: { app_key: WRONG_SECRETS, user_key: WRONG_SECRETS },
  },
  shopify: {
    credentials: { shop: 'acme-tours', access_token: 'shpat_0123456789abcdef-0001' },
    welcome: { data: { shop: { id: 'gid://shopify/Shop/1' } }, extensions: { cost: {} } },
    request: 'POST /shopify/acme-tours/graphql.json',
    headers: { 'x-shopify-access-token': 'shpat_0123456789abcdef-0001', 'content-type': 'application/json' },
    body: '{"query":"{ shop { id } }"}',
    rejections: [
      [401, { errors: '[API] Invalid API key or access token (unrecognized login or wrong password)' }],
      [403, { errors: 'Forbidden' }],
      [404, { errors: 'Not Found' }],
      [200, { errors: [{ message: 'Access denied', extensions: { code: 'ACCESS_DENIED' } }] }],
    ],
    wrong: { shop: WRONG_NAMES, access_token: WRONG_SECRETS },
  },
  zendesk: {
    credentials: {
      subdomain: 'acme',
      email: 'ada@acme.example',
      api_token: '6wiIBWbGkBMo1mRDMuVwkw1EPsNkeUj95PIz2akv',
    },
    welcome: { user: { id: 35436, name: 'Ada', role: 'admin' } },
    request: 'GET /zendesk/acme/users/me.json',
    headers: {
      authorization: `Basic ${Buffer.from('ada@acme.example/token:6wiIBWbGkBMo1mRDMuVwkw1EPsNkeUj95PIz2akv').toString('base64')}`,
    },
    body: '',
    rejections: [
      [401, { error: "Couldn't authenticate you" }],
      [403, { error: { title: 'Forbidden' } }],
      [404, { error: { title: 'No help desk at acme.zendesk.com' } }],
      [200, { user: { id: null, name: 'Anonymous user', role: 'end-user' } }],
    ],
    wrong: { subdomain: WRONG_NAMES, email: ['', 'ada', 7, null], api_token: WRONG_SECRETS },
  },
};

let stub: StubServer;
let secret: StubServer;
let server: TestServer;
let partner: TestPartner;
let org: TestOrg;
let key: string;
beforeAll(async () => {
  [stub, secret] = await Promise.all([StubServer.start(), StubServer.start()]);
  server = await TestServer.start({
    OUTBOUND_ALLOWED_HOSTS: `127.0.0.1:${stub.port}`,
    INTEGRATION_BASE_URLS: `fareharbor=${stub.url}/fareharbor,shopify=${stub.url}/shopify/{shop},zendesk=${stub.url}/zendesk/{subdomain}`,
  });
  org = await server.newOrg();
  ({ partner } = org);
  ({ key } = await server.newOrgKey(org));
});
afterAll(async () => {
  await server.close();
  await Promise.all([stub.close(), secret.close()]);
});
beforeEach(() => {
  stub.seen.length = 0;
  stub.answer = (request, response) => {
    const provider = request.url!.split('/')[1]!;
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(PROVIDERS[provider]!.welcome));
  };
});

const createOrg = (integrations: unknown, more: object = {}) =>
  server
    .as(partner.key)
    .post('/partner/v1/orgs')
    .send({ name: 'Acme Tours', ...more, integrations });
/** The integrations as listed for a key of the org. */
async function integrationsOf(orgId: string): Promise<Record<string, unknown>[]> {
  const made = await server.newOrgKey({ id: orgId, partner }, { scopes: ['integrations:read'] });
  return (await server.as(made.key).get('/integrations').expect(200)).body.items;
}
const connect = (body: object, as = key) => server.as(as).post('/integrations').send(body);
const rows = async (sql: string, values: unknown[] = []) => (await server.database.query(sql, values)).rows;
const orgCount = async () => Number((await rows('SELECT count(*) FROM orgs'))[0]!['count']);
/** Asserts that the integrations are refused and that no org is left. Returns the message. */
async function refusalOf(integrations: unknown): Promise<string> {
  const before = await orgCount();
  const { body } = await createOrg(integrations).expect(400);
  expect(Object.keys(body)).toEqual(['statusCode', 'message']);
  expect(await orgCount()).toBe(before);
  return body.message;
}

describe.each(Object.entries(PROVIDERS))('%s', (provider, { credentials, wrong, rejections, ...documented }) => {
  it('gets the documented request', async () => {
    await createOrg({ [provider]: credentials }).expect(201);
    const [request] = stub.seen;
    expect(stub.seen).toHaveLength(1);
    expect(`${request!.method} ${request!.path}`).toBe(documented.request);
    expect(request!.headers).toMatchObject(documented.headers);
    expect(request!.body).toBe(documented.body);
  });

  it.each(rejections)('rejects the credentials with %i %j', async (status, body) => {
    stub.answers(status, body);
    expect(await refusalOf({ [provider]: credentials })).toBe(
      `integrations.${provider}: credentials were rejected by the provider`,
    );
  });

  it.each([402, 410, 420, 423, 429, 500, 502, 503, 204, 304])(
    'fails with %i, which is reported as its failure',
    async (status) => {
      stub.answer = (_request, response) => response.writeHead(status).end();
      expect(await refusalOf({ [provider]: credentials })).toBe(
        `integrations.${provider}: the provider answered with an error (${status})`,
      );
    },
  );

  it.each([{}, [], null, 'welcome', { errors: [{ extensions: { code: 'THROTTLED' } }] }, { user: {} }, { data: null }])(
    'answers 200 and %j, which is no success',
    async (body) => {
      stub.answers(200, body);
      expect(await refusalOf({ [provider]: credentials })).toBe(
        `integrations.${provider}: the provider answered with something else than it documents`,
      );
    },
  );

  it('redirects to a private address, which is not followed', async () => {
    for (const target of [
      `http://127.0.0.1:${secret.port}/`,
      `https://localhost:${secret.port}/`,
      'https://10.0.0.1/',
    ]) {
      stub.answers(302, {}, { location: target });
      expect(await refusalOf({ [provider]: credentials })).toBe(
        `integrations.${provider}: the provider could not be reached`,
      );
    }
    expect(secret.connections).toBe(0);
  });

  it('gets no request with invalid fields, which a 400 names', async () => {
    for (const [field, values] of Object.entries(wrong)) {
      for (const value of [undefined, ...values]) {
        const message = await refusalOf({ [provider]: { ...credentials, [field]: value } });
        expect(message).toMatch(new RegExp(`^integrations\\.${provider}\\.${field}\\b[^;]*$`));
      }
    }
    expect(await refusalOf({ [provider]: { ...credentials, extra: 1 } })).toBe(
      `integrations.${provider}.extra is not a known field`,
    );
    expect(await refusalOf({ [provider]: { ...credentials, name: '' } })).toMatch(/^integrations\.\w+\.name must/);
    expect(await refusalOf({ [provider]: 'key' })).toBe(`integrations.${provider} must be an object`);
    expect(stub.seen).toEqual([]);
  });
});

describe('POST /partner/v1/orgs with integrations', () => {
  const { credentials } = PROVIDERS['fareharbor']!;

  it('accepts one object or a list, and names integrations without a name', async () => {
    const { body: one } = await createOrg({ fareharbor: { name: 'Primary', ...credentials } }).expect(201);
    expect(Object.keys(one)).toEqual(['id', 'name', 'widget_token', 'external_id']);
    const { body: many } = await createOrg({
      fareharbor: [credentials, { name: 'fareharbor 2', ...credentials }, { name: null, ...credentials }],
      shopify: PROVIDERS['shopify']!.credentials,
      zendesk: null,
    }).expect(201);
    const names = async (id: string) =>
      (await integrationsOf(id)).map((each) => `${each['provider']}: ${each['name']}`);
    expect(await names(one.id)).toEqual(['fareharbor: Primary']);
    expect((await names(many.id)).sort()).toEqual([
      'fareharbor: fareharbor 1',
      'fareharbor: fareharbor 2',
      'fareharbor: fareharbor 3',
      'shopify: shopify 1',
    ]);
  });

  it('refuses duplicate names, more than 20 per provider, and unknown providers, by name', async () => {
    const named = { name: 'Account A', ...credentials };
    expect(await refusalOf({ fareharbor: [named, named] })).toBe('integrations.fareharbor.1.name must be unique');
    expect(await refusalOf({ fareharbor: Array(21).fill(credentials) })).toBe(
      'integrations.fareharbor must have at most 20 entries',
    );
    expect(await refusalOf({ x: credentials })).toBe('integrations.x: unknown integration');
    expect(await refusalOf({ x: 1, fareharbor: [credentials, {}] })).toMatch(
      /^integrations\.x: unknown integration; integrations\.fareharbor\.1\.app_key .*; integrations\.fareharbor\.1\.user_key [^;]*$/,
    );
    expect(stub.seen).toEqual([]);
  });

  it('names the refused one of several, and stores none', async () => {
    stub.answer = (request, response) =>
      response.writeHead(request.headers['x-fareharbor-api-app'] === 'bad' ? 403 : 200).end('{"companies":[]}');
    const before = await rows('SELECT count(*) FROM integrations');
    expect(await refusalOf({ fareharbor: [credentials, { ...credentials, app_key: 'bad' }] })).toBe(
      'integrations.fareharbor.1: credentials were rejected by the provider',
    );
    expect(await rows('SELECT count(*) FROM integrations')).toEqual(before);
  });

  it('times out after 5 seconds, without a database connection, and says so', async () => {
    stub.answer = () => undefined;
    const { pool } = server.database;
    const asked = pool.options.max + 5;
    const started = performance.now();
    let answered = 0;
    const waiting = Promise.all(
      Array.from({ length: asked }, (_, index) =>
        createOrg({ fareharbor: credentials })
          .set('Idempotency-Key', `hang-${index}`)
          .then((answer) => {
            answered++;
            return answer;
          }),
      ),
    );
    await until('more requests than connections wait for the provider, and hold none', () => {
      if (answered > 0) throw new Error(`${answered} were answered before all had asked`);
      return stub.seen.length === asked && pool.idleCount === pool.totalCount;
    });
    const messages = (await waiting).map(({ status, body }) => `${status} ${body.message}`);
    expect(new Set(messages)).toEqual(
      new Set(['400 integrations.fareharbor: the provider did not answer within 5 seconds']),
    );
    expect(performance.now() - started).toBeGreaterThan(4_900);
  });

  it('reports an unreachable provider', async () => {
    stub.answer = (_request, response) => void response.socket!.destroy();
    expect(await refusalOf({ fareharbor: credentials })).toBe(
      'integrations.fareharbor: the provider could not be reached',
    );
  });

  it('stores no integration if the external_id exists', async () => {
    await createOrg({}, { external_id: 'taken' }).expect(201);
    const before = await rows('SELECT count(*) FROM integrations');
    await createOrg({ fareharbor: credentials }, { external_id: 'taken' }).expect(409);
    expect(await rows('SELECT count(*) FROM integrations')).toEqual(before);
  });

  it('is audited with the org, in one chain', async () => {
    const { body } = await createOrg({ fareharbor: { name: 'Primary', ...credentials } }).expect(201);
    const entries = await rows(
      'SELECT action, target_type, target_name, changes FROM audit_entries WHERE org_id = $1 ORDER BY sequence',
      [body.id],
    );
    expect(entries).toEqual([
      { action: 'org.created', target_type: 'org', target_name: 'Acme Tours', changes: null },
      {
        action: 'integration.created',
        target_type: 'integration',
        target_name: 'Primary',
        changes: { provider: { before: null, after: expect.any(String) } },
      },
    ]);
  });

  it('calls the provider once per Idempotency-Key, and repeats the answer', async () => {
    const create = () => createOrg({ fareharbor: credentials }).set('Idempotency-Key', 'connected');
    const first = await create().expect(201);
    stub.answers(503);
    expect((await create().expect(201)).body).toEqual(first.body);
    expect(stub.seen).toHaveLength(1);
    await createOrg({}).set('Idempotency-Key', 'connected').expect(422);
    expect(await integrationsOf(first.body.id)).toHaveLength(1);
  });

  it('has one effect for concurrent requests with one Idempotency-Key', async () => {
    const create = () => createOrg({ fareharbor: credentials }, { name: 'Rush' }).set('Idempotency-Key', 'rush');
    const answers = await Promise.all(Array.from({ length: 20 }, create));
    expect(answers.filter(({ status }) => status !== 201 && status !== 409)).toEqual([]);
    expect(await rows("SELECT count(*)::int AS count FROM orgs WHERE name = 'Rush'")).toEqual([{ count: 1 }]);
    const ids = answers.filter(({ status }) => status === 201).map(({ body }) => body.id);
    expect(await integrationsOf(ids[0])).toHaveLength(1);
  });
});

describe('/integrations', () => {
  const { credentials } = PROVIDERS['zendesk']!;
  const body = { provider: 'zendesk', name: 'Help desk', credentials };

  it('works for an org without a partner', async () => {
    const { id } = await server.app.get(Orgs).create(OPERATOR, null, { name: 'Acme Tours' });
    const { key: own } = await newOpaqueKey(server, id);
    const created = (await connect(body, own).expect(201)).body;
    const client = server.as(own);
    const renamed = (await client.patch(`/integrations/${created.id}`).send({ name: 'Desk' }).expect(200)).body;
    expect((await client.get('/integrations').expect(200)).body).toEqual({ items: [renamed], next: null });
    await client.delete(`/integrations/${created.id}`).expect(204);
    await client.get(`/integrations/${created.id}`).expect(404);
  });

  it('connects, lists, reads, renames, replaces and disconnects, and never returns credentials', async () => {
    const { key: own } = await server.newOrgKey(await server.newOrg(partner));
    const created = (await connect(body, own).expect(201)).body;
    expect(created).toEqual({
      id: expect.any(String),
      provider: 'zendesk',
      name: 'Help desk',
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
    const path = `/integrations/${created.id}`;
    expect((await server.as(own).get('/integrations').expect(200)).body).toEqual({ items: [created], next: null });
    expect((await server.as(own).get(path).expect(200)).body).toEqual(created);
    const renamed = (await server.as(own).patch(path).send({ name: 'Support' }).expect(200)).body;
    expect(renamed).toEqual({ ...created, name: 'Support', updated_at: expect.any(String) });
    expect(stub.seen).toHaveLength(1);
    const other = { ...credentials, api_token: 'another-token-0001' };
    await server.as(own).patch(path).send({ credentials: other }).expect(200);
    expect(stub.seen).toHaveLength(2);
    expect((await server.as(own).patch(path).send({}).expect(200)).body).toMatchObject({ name: 'Support' });
    await server.as(own).delete(path).expect(204);
    await server.as(own).get(path).expect(404);
    await server.as(own).delete(path).expect(404);
  });

  it('is audited with the changes, without credentials', async () => {
    const own = await server.newOrg(partner);
    const { id, key: ownKey } = await server.newOrgKey(own);
    const path = `/integrations/${(await connect(body, ownKey).expect(201)).body.id}`;
    await server.as(ownKey).patch(path).send({ name: 'Support', credentials }).expect(200);
    await server.as(ownKey).delete(path).expect(204);
    const entries = await rows(
      `SELECT action, actor_id, target_name, changes FROM audit_entries
       WHERE org_id = $1 AND target_type = 'integration' ORDER BY sequence`,
      [own.id],
    );
    const changes = {
      name: { before: 'Help desk', after: 'Support' },
      credentials: { before: 'sealed', after: 'sealed anew' },
    };
    expect(entries).toEqual([
      {
        action: 'integration.created',
        actor_id: id,
        target_name: 'Help desk',
        changes: { provider: { before: null, after: 'zendesk' } },
      },
      { action: 'integration.updated', actor_id: id, target_name: 'Support', changes },
      { action: 'integration.deleted', actor_id: id, target_name: 'Support', changes: null },
    ]);
  });

  it('stores and replaces only credentials that the provider accepts', async () => {
    const created = (await connect({ ...body, name: 'Only' }).expect(201)).body;
    const before = await rows('SELECT * FROM integrations ORDER BY id');
    stub.answers(401);
    const refused = { field: 'credentials', message: 'credentials were rejected by the provider' };
    const answer = (await connect({ ...body, name: 'Refused' }).expect(400)).body;
    expect(answer).toEqual({ statusCode: 400, message: refused.message, errors: [refused], code: 'invalid_request' });
    await server.as(key).patch(`/integrations/${created.id}`).send({ name: 'New', credentials }).expect(400);
    expect(await rows('SELECT * FROM integrations ORDER BY id')).toEqual(before);
  });

  it.each<[string, object]>([
    ['provider', { ...body, provider: 'x' }],
    ['provider', { name: 'a', credentials }],
    ['name', { ...body, name: '' }],
    ['name', { provider: 'zendesk', credentials }],
    ['credentials', { provider: 'zendesk', name: 'a' }],
    ['credentials', { ...body, credentials: [] }],
    ['credentials.api_token', { ...body, credentials: { subdomain: 'acme', email: 'a@b.example' } }],
    ['credentials.shop', { ...body, credentials: { ...credentials, shop: 'acme' } }],
  ])('refuses %s with a 400 that names it', async (field, sent) => {
    const { errors } = (await connect(sent).expect(400)).body;
    expect(errors.map((each: { field: string }) => each.field)).toEqual([field]);
    expect(stub.seen).toEqual([]);
  });

  it('enforces a unique name per provider and org in the database', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => connect({ ...body, name: 'Twice' })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
    const { body: conflict } = answers.find(({ status }) => status === 409)!;
    expect(conflict.message).toBe('Integration with this name already exists');
    const second = (await connect({ ...body, name: 'Another' }).expect(201)).body;
    await server.as(key).patch(`/integrations/${second.id}`).send({ name: 'Twice' }).expect(409);
    const shopify = { provider: 'shopify', name: 'Twice', credentials: PROVIDERS['shopify']!.credentials };
    await connect(shopify).expect(201);
  });

  it('answers 404 for an id that is unknown, malformed or of another org, and calls no provider', async () => {
    const { id } = (await connect({ ...body, name: 'Mine' }).expect(201)).body;
    const { key: stranger } = await server.newOrgKey(await server.newOrg(partner));
    stub.seen.length = 0;
    for (const path of [`/integrations/${id}`, `/integrations/${UNKNOWN_ID}`, '/integrations/x']) {
      const missing = { statusCode: 404, message: 'Integration not found', error: 'Not Found', code: 'not_found' };
      await server.as(stranger).get(path).expect(404, missing);
      await server.as(stranger).patch(path).send({ name: 'a' }).expect(404, missing);
      await server.as(stranger).patch(path).send({ credentials }).expect(404, missing);
      await server.as(stranger).delete(path).expect(404, missing);
    }
    expect(stub.seen).toEqual([]);
  });

  it('connects once per Idempotency-Key', async () => {
    const create = () => connect({ ...body, name: 'Once' }).set('Idempotency-Key', 'once');
    const first = await create().expect(201);
    expect((await create().expect(201)).body).toEqual(first.body);
    expect(stub.seen).toHaveLength(1);
  });
});

describe('credentials at rest', () => {
  it('are readable in no table, also after a refused request', async () => {
    const all = Object.values(PROVIDERS).flatMap(({ credentials }) => Object.entries(credentials));
    const secrets = all.flatMap(([field, value]) => (/_(key|token)$/.test(field) ? [value] : []));
    expect(secrets).toHaveLength(4);
    const integrations = Object.fromEntries(Object.entries(PROVIDERS).map(([key, each]) => [key, each.credentials]));
    await createOrg(integrations).set('Idempotency-Key', 'sealed').expect(201);
    stub.answers(403);
    await createOrg(integrations).set('Idempotency-Key', 'refused').expect(400);

    const dump = [...(await readTables(server)).values()].flatMap((rows) => [...rows]).join('\n');
    expect(dump).toContain('integration.created');
    const formsOf = (secret: string) => [secret, ...ENCODINGS.map((each) => Buffer.from(secret).toString(each))];
    expect(secrets.flatMap(formsOf).filter((form) => dump.includes(form))).toEqual([]);
  });

  it('can be decrypted for their own row only', async () => {
    await createOrg({ zendesk: PROVIDERS['zendesk']!.credentials }).expect(201);
    const [row] = await rows("SELECT * FROM integrations WHERE provider = 'zendesk' ORDER BY id DESC LIMIT 1");
    const { credentials, org_id, id } = row as { credentials: Buffer; org_id: string; id: string };
    const open = (orgId: string) =>
      server.app.get(SecretBox).open(credentials, `integrations.credentials ${orgId} ${id}`);
    expect(JSON.parse(open(org_id))).toEqual(PROVIDERS['zendesk']!.credentials);
    expect(() => open(org.id)).toThrow();
  });
});
