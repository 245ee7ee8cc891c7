import { beforeEach, describe, expect, it } from 'vitest';
import { createAgent, createKey, pairHeaders, readKey, type Signed, signedInAs } from '../support/manage.js';
import { type Client, type TestOrg, TestServer } from '../support/start-app.js';
import { UNKNOWN_ID } from '../support/unknown-id.js';

const NOT_FOUND = { statusCode: 404, message: 'Agent not found', error: 'Not Found', code: 'not_found' };

const server = TestServer.forSuite();
let org: TestOrg;
let admin: Signed;
beforeEach(async () => {
  org = await server.newOrg();
  admin = await signedInAs(server, org, 'Admin');
});

const keyed = (): Promise<Client> => server.newClient(org);
const auditOf = async (action: string) => (await admin.get(`/manage/v1/audit?action=${action}`).expect(200)).body.items;

/** Both APIs manage the same rows. */
const WAYS: Record<string, () => Promise<{ caller: Client | Signed; path: string; actor: string }>> = {
  'a key at /agents': async () => ({ caller: await keyed(), path: '/agents', actor: 'api_key' }),
  'an Admin at /manage/v1/agents': async () => ({ caller: admin, path: '/manage/v1/agents', actor: 'user' }),
};

describe.each(Object.entries(WAYS))('%s', (_what, way) => {
  it('creates, lists, updates and deletes agents, and the audit names the actor', async () => {
    const { caller, path, actor } = await way();
    const made = (await caller.post(path).send({ name: 'Receptionist', greeting: 'Hello', voice_id: null }).expect(201))
      .body;
    expect(made).toEqual({
      id: expect.any(String),
      name: 'Receptionist',
      status: 'active',
      voice_id: null,
      greeting: 'Hello',
      prompt: null,
      knowledge_base_id: null,
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
    const change = { status: 'paused', greeting: null, prompt: 'Be brief.' };
    const changed = (await caller.patch(`${path}/${made.id}`).send(change).expect(200)).body;
    expect(changed).toEqual({ ...made, ...change, updated_at: expect.any(String) });
    expect((await caller.patch(`${path}/${made.id}`).send({}).expect(200)).body).toEqual(changed);
    expect((await caller.get(path).expect(200)).body).toEqual({ items: [changed], next: null });
    expect((await caller.get(`${path}?status=active`).expect(200)).body.items).toEqual([]);
    expect((await caller.get(`${path}?status=paused`).expect(200)).body.items).toEqual([changed]);
    await caller.get(`${path}?status=off`).expect(400);
    await caller.delete(`${path}/${made.id}`).expect(204);
    await caller.delete(`${path}/${made.id}`).expect(404);
    const entries = [await auditOf('agent.created'), await auditOf('agent.updated'), await auditOf('agent.deleted')];
    for (const [entry, ...others] of entries) {
      expect(entry).toMatchObject({
        actor: { type: actor },
        target: { type: 'agent', id: made.id, name: 'Receptionist' },
      });
      expect(others).toEqual([]);
    }
    expect(entries[1][0].changes).toEqual({
      status: { before: 'active', after: 'paused' },
      greeting: { before: 'Hello', after: null },
      prompt: { before: null, after: 'Be brief.' },
    });
  });

  it('gets the same 404 for an agent or knowledge base that is unknown, malformed or of another org', async () => {
    const { caller, path } = await way();
    const theirs = await createAgent(await signedInAs(server, await server.newOrg(), 'Admin'));
    for (const id of [theirs, UNKNOWN_ID, 'agent']) {
      const answers = [
        await caller.patch(`${path}/${id}`).send({ name: 'Mine' }),
        await caller.delete(`${path}/${id}`),
      ];
      if (path === '/agents') answers.push(await caller.get(`${path}/${id}`));
      for (const { body } of answers) expect(body).toEqual(NOT_FOUND);
    }
    const missing = { statusCode: 404, message: 'Knowledge base not found', error: 'Not Found', code: 'not_found' };
    for (const knowledge_base_id of [UNKNOWN_ID, 'base']) {
      expect((await caller.post(path).send({ name: 'A', knowledge_base_id }).expect(404)).body).toEqual(missing);
    }
    const id = await createAgent(admin);
    expect((await caller.patch(`${path}/${id}`).send({ knowledge_base_id: UNKNOWN_ID }).expect(404)).body).toEqual(
      missing,
    );
    await caller.patch(`${path}/${id}`).send({ knowledge_base_id: null }).expect(200);
    expect((await caller.get(path).expect(200)).body.items).toHaveLength(1);
  });

  it.each<[string, object]>([
    ['name', {}],
    ['name', { name: '' }],
    ['name', { name: 'x'.repeat(101) }],
    ['greeting', { name: 'A', greeting: 'x'.repeat(501) }],
    ['prompt', { name: 'A', prompt: 'x'.repeat(20_001) }],
    ['status', { name: 'A', status: 'paused' }],
    ['id', { name: 'A', id: UNKNOWN_ID }],
    ['org_id', { name: 'A', org_id: UNKNOWN_ID }],
  ])('refuses %s in %j', async (field, body) => {
    const { caller, path } = await way();
    const answer = await caller.post(path).send(body).expect(400);
    expect(answer.body.errors.map((error: { field: string }) => error.field)).toEqual([field]);
    expect((await caller.get(path).expect(200)).body.items).toEqual([]);
  });
});

it('a key reads and writes agents by its scopes, and an Idempotency-Key creates one agent', async () => {
  const [reader, writer] = await Promise.all(
    ['agents:read', 'agents:write'].map((scope) => server.newClient(org, { scopes: [scope] })),
  );
  const make = () => writer!.post('/agents').set('Idempotency-Key', 'once').send({ name: 'Receptionist' }).expect(201);
  const [first, again] = [await make(), await make()];
  expect(again.body).toEqual(first.body);
  expect((await reader!.get(`/agents/${first.body.id}`).expect(200)).body).toEqual(first.body);
  await reader!.patch(`/agents/${first.body.id}`).send({ name: 'B' }).expect(403);
  await writer!.get('/agents').expect(403);
  expect((await reader!.get('/agents').expect(200)).body.items).toHaveLength(1);
});

describe('deleting an agent', () => {
  it('revokes exactly its keys before it returns, each with an audit entry', async () => {
    const [agent_id, other_id] = [await createAgent(admin), await createAgent(admin)];
    const pair = { kind: 'key_secret' };
    const bound = [await createKey(admin, { ...pair, agent_id }), await createKey(admin, { ...pair, agent_id })];
    const others = [await createKey(admin, { ...pair, agent_id: other_id })];
    const revokedBefore = await createKey(admin, { ...pair, agent_id });
    await admin.delete(`/manage/v1/api-keys/${revokedBefore.id}`).expect(204);
    for (const key of [...bound, ...others]) await server.http.get('/whoami').set(pairHeaders(key)).expect(200);
    await admin.delete(`/manage/v1/agents/${agent_id}`).expect(204);
    for (const key of bound) {
      await server.http.get('/whoami').set(pairHeaders(key)).expect(401);
      expect(await readKey(admin, key.id)).toMatchObject({ state: 'revoked', agent_id: null });
    }
    for (const key of others) await server.http.get('/whoami').set(pairHeaders(key)).expect(200);
    const revoked = (await auditOf('api_key.revoked')).map(({ target }: { target: { id: string } }) => target.id);
    expect(revoked.toSorted()).toEqual([...bound, revokedBefore].map(({ id }) => id).toSorted());
    expect(await auditOf('agent.deleted')).toHaveLength(1);
    expect((await auditOf('api_key.revoked'))[0].changes).toMatchObject({
      agent_id: { before: agent_id, after: null },
    });
  });

  it('leaves no live key, even if keys are created concurrently', async () => {
    const agent_id = await createAgent(admin);
    const body = { name: 'Sync', kind: 'key_secret', scopes: ['contacts:read'], agent_id };
    const [deleted, ...made] = await Promise.all([
      admin.delete(`/manage/v1/agents/${agent_id}`),
      ...Array.from({ length: 4 }, () => admin.post('/manage/v1/api-keys').send(body)),
    ]);
    expect(deleted.status).toBe(204);
    expect(made.filter(({ status }) => status !== 201 && status !== 404)).toEqual([]);
    const { items } = (await admin.get('/manage/v1/api-keys?state=active').expect(200)).body;
    expect(items).toEqual([]);
  });

  it('is refused by the database while a key refers to the agent', async () => {
    const agent_id = await createAgent(admin);
    const { id } = await createKey(admin, { kind: 'key_secret', agent_id });
    const { pool } = server.database;
    await expect(pool.query('delete from agents where id = $1', [agent_id])).rejects.toThrow('api_keys_agent_fk');
    const unbind = 'update api_keys set agent_id = null where id = $1';
    await expect(pool.query(unbind, [id])).rejects.toThrow('api_keys_bound');
  });
});
