import { beforeEach, describe, expect, it } from 'vitest';
import { type AgentClient, newAgentKey, type TestAgent } from '../support/agent-key.js';
import { type TestOrg, TestServer } from '../support/start-app.js';
import { UNKNOWN_ID } from '../support/unknown-id.js';

const NOT_FOUND = { statusCode: 404, message: 'Contact not found', error: 'Not Found', code: 'not_found' };
const SAM = { external_reference_id: 'crm-1', name: 'Sam', email: 'Sam@Example.com', stage: 'lead' };

const server = TestServer.forSuite();
let org: TestOrg;
let agent: TestAgent;
let client: AgentClient;
/** The path of an agent's contacts, or of one contact. */
let at: (rest?: string, agentId?: string) => string;
beforeEach(async () => {
  org = await server.newOrg();
  agent = await newAgentKey(server, org);
  ({ client } = agent);
  at = (rest = '', agentId = agent.id) => `/v1/open/contacts${rest}/chatbots/${agentId}`;
});

const create = async (body: object): Promise<{ id: string; [field: string]: unknown }> =>
  (await client.post(at()).send(body).expect(201)).body.data;

describe('a contact', () => {
  it('is created once per Idempotency-Key', async () => {
    const repeated = () =>
      client.post(at()).set('Idempotency-Key', 'sam').send({ email: 'sam@example.com' }).expect(201);
    expect((await repeated()).body).toEqual((await repeated()).body);
    expect((await client.get(at()).expect(200)).body.data).toHaveLength(1);
  });

  it('can be created, read, updated and deleted, each answer in the envelope', async () => {
    const { body } = await client.post(at()).send(SAM).expect(201);
    const contact = {
      id: expect.any(String),
      external_reference_id: 'crm-1',
      name: 'Sam',
      email: 'sam@example.com',
      phone: null,
      gender: null,
      status: 'active',
      stage: 'lead',
      custom_fields: {},
      archived: false,
      created_at: expect.stringMatching(/Z$/),
      updated_at: expect.stringMatching(/Z$/),
    };
    expect(body).toEqual({ success: true, message: 'OK', data: contact });
    const { id } = body.data;
    expect((await client.get(at(`/${id}`)).expect(200)).body).toEqual(body);
    expect((await client.get(at('/ref/crm-1')).expect(200)).body).toEqual(body);

    const change = { stage: 'customer', name: null, custom_fields: { visits: 3, vip: true, note: 'window seat' } };
    const changed = (
      await client
        .put(at(`/${id}`))
        .send(change)
        .expect(200)
    ).body.data;
    expect(changed).toEqual({ ...body.data, ...change, updated_at: expect.any(String) });
    const renamed = (await client.put(at('/ref/crm-1')).send({ name: 'Samira' }).expect(200)).body.data;
    expect(renamed).toEqual({ ...changed, name: 'Samira', updated_at: expect.any(String) });
    expect(
      (
        await client
          .put(at(`/${id}`))
          .send({})
          .expect(200)
      ).body.data,
    ).toEqual(renamed);

    const deleted = await client.delete(at(`/${id}`)).expect(200);
    expect(deleted.body).toEqual({ success: true, message: 'OK', data: null });
    for (const path of [at(`/${id}`), at('/ref/crm-1')]) {
      expect((await client.get(path).expect(404)).body).toEqual(NOT_FOUND);
      expect((await client.put(path).send({ name: 'x' }).expect(404)).body).toEqual(NOT_FOUND);
    }
    expect((await client.delete(at(`/${id}`)).expect(404)).body).toEqual(NOT_FOUND);
  });

  it('needs an e-mail address or a phone number, also after an update', async () => {
    const refusal = await client.post(at()).send({ name: 'Sam' }).expect(400);
    expect(refusal.body.message).toBe('email or phone is required');
    const { id } = await create({ email: 'sam@example.com', phone: '+41791234567' });
    await client
      .put(at(`/${id}`))
      .send({ email: null })
      .expect(200);
    await client
      .put(at(`/${id}`))
      .send({ phone: null })
      .expect(400);
    await client
      .put(at(`/${id}`))
      .send({ phone: null, email: 'sam@example.com' })
      .expect(200);
  });

  it.each([
    [{ status: null }, 'status'],
    [{ status: 'gone' }, 'status'],
    [{ stage: 'friend' }, 'stage'],
    [{ phone: '0791234567' }, 'phone'],
    [{ external_reference_id: '' }, 'external_reference_id'],
    [{ external_reference_id: 'x'.repeat(101) }, 'external_reference_id'],
    [{ custom_fields: { nested: {} } }, 'custom_fields'],
    [{ custom_fields: null }, 'custom_fields'],
    [{ archived: true }, 'archived'],
    [{ id: UNKNOWN_ID }, 'id'],
  ])('is refused with %j, and nothing is stored', async (bad, field) => {
    const { body } = await client
      .post(at())
      .send({ email: 'sam@example.com', ...bad })
      .expect(400);
    expect(body.errors.map((error: { field: string }) => error.field)).toEqual([field]);
    expect((await client.get(at()).expect(200)).body.pagination.total).toBe(0);
  });

  it('can be archived, again without effect, and is then listed as archived only', async () => {
    const { id } = await create(SAM);
    for (const _ of [1, 2]) {
      expect((await client.patch(`${at(`/${id}`)}/archive`).expect(200)).body.data).toMatchObject({
        id,
        archived: true,
      });
    }
    expect((await client.get(at()).expect(200)).body.data).toEqual([]);
    expect((await client.get(`${at()}?archived=true`).expect(200)).body.data).toMatchObject([{ id }]);
    await client.get(at(`/${id}`)).expect(200);
    await client.patch(`${at(`/${UNKNOWN_ID}`)}/archive`).expect(404);
  });

  it('has a reference that is unique within its agent, also in a race', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => client.post(at()).send(SAM)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 9 }, () => 409)]);
    const { body } = await client.post(at()).send(SAM).expect(409);
    expect(body).toEqual({
      statusCode: 409,
      message: 'Contact with this external_reference_id already exists',
      code: 'taken',
    });
    const { id } = await create({ email: 'kim@example.com', external_reference_id: 'crm-2' });
    await client
      .put(at(`/${id}`))
      .send({ external_reference_id: 'crm-1' })
      .expect(409);
    await create({ email: 'kim@example.com' });
    await create({ email: 'kim@example.com' });
    const other = await newAgentKey(server, org);
    await other.client.post(at('', other.id)).send(SAM).expect(201);
  });

  it('is found by a reference with reserved characters', async () => {
    for (const reference of ['a b/c%', 'chatbots', 'ref', '...', 'ü?#&+']) {
      await create({ email: 'sam@example.com', external_reference_id: reference });
      const path = at(`/ref/${encodeURIComponent(reference).replace(/\./g, '%2E')}`);
      expect((await client.get(path).expect(200)).body.data.external_reference_id).toBe(reference);
    }
  });
});

describe('the list of contacts', () => {
  it('has pages with totals, newest first', async () => {
    const ids: string[] = [];
    for (let number = 0; number < 5; number++) ids.unshift((await create({ email: `${number}@example.com` })).id);
    const page = async (query: string) => (await client.get(`${at()}?${query}`).expect(200)).body;
    const first = await page('limit=2');
    expect(first).toMatchObject({ success: true, pagination: { page: 1, limit: 2, total: 5, total_pages: 3 } });
    const pages = [first, await page('limit=2&page=2'), await page('limit=2&page=3'), await page('limit=2&page=4')];
    expect(pages.map(({ data }) => data.map(({ id }: { id: string }) => id))).toEqual([
      ids.slice(0, 2),
      ids.slice(2, 4),
      ids.slice(4),
      [],
    ]);
    expect((await page('')).pagination).toEqual({ page: 1, limit: 20, total: 5, total_pages: 1 });
  });

  it('can be filtered by status, stage and search text', async () => {
    await create({ ...SAM, phone: '+41791234567' });
    await create({ email: 'kim_lee@example.com', status: 'inactive' });
    const found = async (query: string) =>
      (await client.get(`${at()}?${query}`).expect(200)).body.data.map(({ email }: { email: string }) => email);
    expect(await found('status=inactive')).toEqual(['kim_lee@example.com']);
    expect(await found('stage=lead')).toEqual(['sam@example.com']);
    expect(await found('stage=customer')).toEqual([]);
    for (const search of ['SAM', 'sam@ex', '4179', 'crm-1']) {
      expect(await found(`search=${encodeURIComponent(search)}`)).toEqual(['sam@example.com']);
    }
    expect(await found('search=_')).toEqual(['kim_lee@example.com']);
    expect(await found('search=%25')).toEqual([]);
  });

  it.each(['page=0', 'limit=0', 'limit=101', 'page=x', 'status=gone', 'stage=x', 'archived=1', 'search=', 'cursor=x'])(
    'refuses ?%s',
    async (query) => void (await client.get(`${at()}?${query}`).expect(400)),
  );
});

describe('isolation', () => {
  it('contacts of another agent are 404, and its routes are 403', async () => {
    const { id } = await create(SAM);
    const other = await newAgentKey(server, org);
    for (const path of [`/${id}`, '/ref/crm-1']) {
      expect((await other.client.get(at(path, other.id)).expect(404)).body).toEqual(NOT_FOUND);
      expect((await other.client.put(at(path, other.id)).send({ name: 'x' }).expect(404)).body).toEqual(NOT_FOUND);
      const refusal = await other.client.get(at(path)).expect(403);
      expect(refusal.body).toEqual({
        statusCode: 403,
        message: 'This API key is not valid for this agent.',
        code: 'agent_not_yours',
      });
    }
    await other.client.delete(at(`/${id}`, other.id)).expect(404);
    await other.client.patch(`${at(`/${id}`, other.id)}/archive`).expect(404);
    expect((await other.client.get(at('', other.id)).expect(200)).body.pagination.total).toBe(0);
    expect((await client.get(at(`/${id}`)).expect(200)).body.data.name).toBe('Sam');
  });

  it("contacts of an agent are not in the org's list, and are deleted with the agent", async () => {
    const { id } = await create(SAM);
    const orgClient = await server.newClient(org);
    expect((await orgClient.get('/contacts').expect(200)).body.items).toEqual([]);
    await orgClient.get(`/contacts/${id}`).expect(404);
    await orgClient.delete(`/agents/${agent.id}`).expect(204);
    const { rows } = await server.database.pool.query('SELECT FROM agent_contacts WHERE id = $1', [id]);
    expect(rows).toEqual([]);
  });

  it.each([
    ['contacts:create', 'POST', ''],
    ['contacts:read', 'GET', ''],
    ['contacts:read', 'GET', '/ID'],
    ['contacts:read', 'GET', '/ref/crm-1'],
    ['contacts:update', 'PUT', '/ID'],
    ['contacts:update', 'PUT', '/ref/crm-1'],
    ['contacts:update', 'ARCHIVE', '/ID'],
    ['contacts:delete', 'DELETE', '/ID'],
  ] as const)('only %s allows %s %s', async (scope, method, path) => {
    const { id } = await create(SAM);
    const others = (['contacts:create', 'contacts:read', 'contacts:update', 'contacts:delete'] as const).filter(
      (each) => each !== scope,
    );
    const ask = ({ client: by }: TestAgent) => {
      const target = at(path.replace('ID', id));
      if (method === 'ARCHIVE') return by.patch(`${target}/archive`);
      const verb = method.toLowerCase() as 'get' | 'post' | 'put' | 'delete';
      return verb === 'post' || verb === 'put' ? by[verb](target).send({ email: 'x@example.com' }) : by[verb](target);
    };
    const without = await ask(await newAgentKey(server, org, { agentId: agent.id, scopes: others })).expect(403);
    expect(without.body.message).toBe(`This API key does not have the required scope: "${scope}".`);
    const only = await ask(await newAgentKey(server, org, { agentId: agent.id, scopes: [scope] }));
    expect([200, 201]).toContain(only.status);
  });
});
