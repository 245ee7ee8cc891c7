import { decodeJwt } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ManagedKey } from '../../src/tenancy/api-keys/key-view.dto.js';
import { createKey, readKey, type Signed, signedInAs } from '../support/manage.js';
import { type Client, type TestOrg, TestServer } from '../support/start-app.js';
import { UNKNOWN_ID } from '../support/unknown-id.js';

const NOT_YOURS = { statusCode: 403, message: 'Org does not belong to this partner.', code: 'org_not_yours' };

const server = TestServer.forSuite();
let org: TestOrg;
let admin: Signed;
let partner: Client;
let keys: string;
beforeAll(async () => {
  org = await server.newOrg();
  admin = await signedInAs(server, org, 'Admin');
  partner = server.as(org.partner.key);
  keys = `/partner/v1/orgs/${org.id}/api-keys`;
});

interface Created {
  readonly api_key_id: string;
  readonly api_key: string;
  readonly api_secret?: string;
}
const create = async (body: object) => (await partner.post(keys).send(body).expect(201)).body as Created;
const refused = async (body: object) => (await partner.post(keys).send(body).expect(400)).body as object;
const read = async (id: string) => (await partner.get(`${keys}/${id}`).expect(200)).body as ManagedKey;
const newAgent = async () =>
  (
    (await partner.post(`/partner/v1/orgs/${org.id}/agents`).send({ name: 'Receptionist' }).expect(201)).body as {
      id: string;
    }
  ).id;
const pairOf = ({ api_key, api_secret }: Created) => ({ 'X-API-Key': api_key, 'X-API-Secret': api_secret! });

describe('a partner creates', () => {
  it('a JWT with full access unless it says otherwise', async () => {
    for (const body of [
      {},
      { name: 'Plain' },
      { format: null, kind: 'bearer', type: 'standard' },
      { access: 'full' },
    ]) {
      const made = await create(body);
      expect(Object.keys(made)).toEqual(['api_key_id', 'api_key']);
      expect(decodeJwt(made.api_key)).toMatchObject({ aud: 'org', sub: org.id });
      expect(await read(made.api_key_id)).toMatchObject({ access: 'full', kind: 'bearer', acknowledged: true });
    }
  });

  it('an opaque key, which stays opaque when it is rotated', async () => {
    const { api_key_id, api_key } = await create({ format: 'opaque', scopes: ['contacts:read'] });
    expect(api_key).toMatch(/^ocx_live_/);
    await server.as(api_key).get('/contacts').expect(200);
    const { body } = await partner.post(`${keys}/${api_key_id}/rotate`).send({ grace_seconds: 0 }).expect(200);
    expect(body.api_key).toMatch(/^ocx_live_/);
    await server.as(body.api_key).get('/contacts').expect(200);
    await server.as(api_key).get('/contacts').expect(401);
  });

  it('a key with a secret for an agent that it created', async () => {
    const agent_id = await newAgent();
    const listed = (await partner.get(`/partner/v1/orgs/${org.id}/agents`).expect(200)).body;
    expect(listed.items.map(({ id }: { id: string }) => id)).toContain(agent_id);
    const made = await create({ kind: 'key_secret', agent_id, scopes: ['contacts:read'] });
    expect(Object.keys(made)).toEqual(['api_key_id', 'api_key', 'api_secret']);
    const contacts = server.http.get(`/v1/open/contacts/chatbots/${agent_id}`);
    await contacts.set(pairOf(made)).expect(200);
    expect(await read(made.api_key_id)).toMatchObject({ kind: 'key_secret', agent_id, api_key: made.api_key });
  });

  it('a typed key, which only posts events', async () => {
    const { api_key_id, api_key } = await create({ type: 'client', allowed_origins: ['acme.example'] });
    expect(api_key).toMatch(/^ocx_live_/);
    expect(await read(api_key_id)).toMatchObject({ type: 'client', allowed_origins: ['acme.example'] });
    await server.as(api_key).get('/contacts').expect(401);
  });

  it('nothing from settings that exclude each other, and its 400 has the two fields of the contract', async () => {
    const agent_id = await newAgent();
    const bad = [
      { kind: 'key_secret', scopes: ['contacts:read'] },
      { kind: 'key_secret', agent_id },
      { kind: 'key_secret', agent_id, access: 'full' },
      { kind: 'key_secret', agent_id, scopes: ['contacts:read'], format: 'jwt' },
      { type: 'client', format: 'jwt' },
      { type: 'client', scopes: ['contacts:read'] },
      { agent_id, scopes: ['contacts:read'] },
      { access: 'scoped' },
      { access: 'full', scopes: ['contacts:read'] },
      { allowed_origins: ['acme.example'] },
      { format: 'paseto' },
      { scopes: [] },
    ];
    const before = (await partner.get(keys).expect(200)).body.data.length;
    for (const body of bad) expect(Object.keys(await refused(body))).toEqual(['statusCode', 'message']);
    await partner
      .post(keys)
      .send({ kind: 'key_secret', agent_id: UNKNOWN_ID, scopes: ['contacts:read'] })
      .expect(404);
    expect((await partner.get(keys).expect(200)).body.data).toHaveLength(before);
  });

  it('once per Idempotency-Key, whose repeats get the same credential and secret', async () => {
    const agent_id = await newAgent();
    const send = () =>
      partner
        .post(keys)
        .set('Idempotency-Key', 'pair-1')
        .send({ kind: 'key_secret', agent_id, scopes: ['contacts:read'] });
    const [first, again] = [await send().expect(201), await send().expect(201)];
    expect(again.body).toEqual(first.body);
    expect(first.body.api_secret).toEqual(expect.any(String));
  });
});

describe('a partner and a key of its org', () => {
  it('see the same as the members, of keys by any creator', async () => {
    const [own, theirs] = [(await create({ name: 'Ours' })).api_key_id, (await createKey(admin)).id];
    for (const id of [own, theirs]) expect(await read(id)).toEqual(await readKey(admin, id));
  });

  it('are in force at once: edited, suspended, resumed and revoked', async () => {
    const { id, api_key } = await createKey(admin, { scopes: ['contacts:read', 'tags:read'] });
    const key = server.as(api_key);
    const path = `${keys}/${id}`;
    await key.get('/tags').expect(200);
    const edited = await partner
      .patch(path)
      .send({ scopes: ['contacts:read'], tags: ['edited'] })
      .expect(200);
    expect(edited.body).toMatchObject({ scopes: ['contacts:read'], tags: ['edited'] });
    await key.get('/tags').expect(403);
    expect((await partner.post(`${path}/suspend`).expect(200)).body.state).toBe('suspended');
    await key.get('/contacts').expect(401);
    expect((await partner.post(`${path}/resume`).expect(200)).body.state).toBe('active');
    await key.get('/contacts').expect(200);
    expect((await partner.post(`${path}/revoke`).expect(200)).body.state).toBe('revoked');
    await key.get('/contacts').expect(401);
    expect((await partner.post(`${path}/revoke`).expect(200)).body.state).toBe('revoked');
    for (const step of ['suspend', 'resume', 'rotate']) await partner.post(`${path}/${step}`).expect(409);
    await partner.patch(path).send({ name: 'Back' }).expect(409);
    await partner.delete(path).expect(204);
  });

  it('a rotation keeps the old credential for its grace, and a repeat gets the same new one', async () => {
    const { api_key_id: id, api_key } = await create({});
    const rotate = () => partner.post(`${keys}/${id}/rotate`).set('Idempotency-Key', 'rotate-1').send({});
    const [first, again] = [await rotate().expect(200), await rotate().expect(200)];
    expect(first.headers['cache-control']).toBe('no-store');
    expect(again.body).toEqual(first.body);
    expect(decodeJwt(first.body.api_key as string)).toMatchObject({ aud: 'org', sub: org.id });
    for (const token of [api_key, first.body.api_key as string]) await server.as(token).get('/contacts').expect(200);
    expect(await read(id)).toMatchObject({ acknowledged: true, revision: 2 });
  });

  it('a suspension repeated with its Idempotency-Key is one entry, and shows the key as it is', async () => {
    const { api_key_id: id } = await create({});
    const suspend = () => partner.post(`${keys}/${id}/suspend`).set('Idempotency-Key', 'suspend-1');
    await suspend().expect(200);
    await partner.post(`${keys}/${id}/resume`).expect(200);
    expect((await suspend().expect(200)).body.state).toBe('active');
  });

  it('have its usage and its audit, in pages and filtered', async () => {
    const { api_key_id: id, api_key } = await create({ name: 'Audited' });
    await server.as(api_key).get('/contacts').expect(200);
    await partner.patch(`${keys}/${id}`).send({ name: 'Renamed' }).expect(200);
    await admin.patch(`/manage/v1/api-keys/${id}`).send({ name: 'Again' }).expect(200);
    await partner
      .patch(`${keys}/${(await create({})).api_key_id}`)
      .send({ name: 'Other' })
      .expect(200);
    const usage = (await partner.get(`${keys}/${id}/usage`).expect(200)).body;
    expect(usage).toEqual((await admin.get(`/manage/v1/api-keys/${id}/usage`).expect(200)).body);
    expect(usage.last_24_hours).toBe(1);
    const page = async (query: string) => (await partner.get(`${keys}/${id}/audit${query}`).expect(200)).body;
    const whole = await page('');
    expect(
      whole.items.map(({ action, actor }: { action: string; actor: { type: string } }) => [action, actor.type]),
    ).toEqual([
      ['api_key.updated', 'user'],
      ['api_key.updated', 'partner'],
      ['api_key.created', 'partner'],
    ]);
    expect((await page('?actor_type=user')).items).toEqual(whole.items.slice(0, 1));
    expect((await page('?action=api_key.created')).items).toEqual(whole.items.slice(2));
    const first = await page('?limit=2&action=api_key.updated');
    expect([first.items.length, first.next]).toEqual([2, null]);
    const [start, rest] = [await page('?limit=1'), whole.items.slice(1)];
    expect((await page(`?limit=2&cursor=${start.next}`)).items).toEqual(rest);
    expect(whole).toEqual((await admin.get(`/manage/v1/audit?api_key_id=${id}`).expect(200)).body);
    for (const query of ['?api_key_id=x', '?limit=0']) await partner.get(`${keys}/${id}/audit${query}`).expect(400);
  });
});

it('keys of other orgs, unknown and malformed ids are 404, and another partner gets 403', async () => {
  const sibling = await server.newOrg(org.partner);
  const foreign = (await server.newOrgKey(sibling)).id;
  const stranger = server.as((await server.newPartner()).key);
  const { api_key_id: own } = await create({});
  const calls = (by: Client, id: string) => [
    by.get(`${keys}/${id}`),
    by.patch(`${keys}/${id}`).send({ name: 'Taken' }),
    ...['rotate', 'suspend', 'resume', 'revoke'].map((step) => by.post(`${keys}/${id}/${step}`).send({})),
    by.get(`${keys}/${id}/usage`),
    by.get(`${keys}/${id}/audit`),
  ];
  for (const id of [foreign, UNKNOWN_ID, 'x', "1'--"]) {
    for (const call of calls(partner, id)) await call.expect(404);
  }
  for (const call of calls(stranger, own)) expect((await call.expect(403)).body).toEqual(NOT_YOURS);
  for (const path of ['agents', 'members']) {
    const call = stranger.get(`/partner/v1/orgs/${org.id}/${path}`);
    expect((await call.expect(403)).body).toEqual(NOT_YOURS);
  }
  expect(await read(own)).toMatchObject({ state: 'active', revision: 1 });
});

it('only the answers that create a credential contain it; no audit entry and no request log does', async () => {
  const agent_id = await newAgent();
  const made = [
    await create({ name: 'JWT' }),
    await create({ format: 'opaque' }),
    await create({ type: 'client' }),
    await create({ kind: 'key_secret', agent_id, scopes: ['contacts:read'] }),
  ];
  const secrets = made.flatMap(({ api_key, api_secret }) => [api_secret ?? api_key]);
  for (const { api_key_id: id } of made) {
    const answers = [
      await partner.get(`${keys}/${id}`),
      await partner.patch(`${keys}/${id}`).send({ tags: ['changed'] }),
      await partner.post(`${keys}/${id}/suspend`),
      await partner.post(`${keys}/${id}/resume`),
    ];
    const rotated = (await partner.post(`${keys}/${id}/rotate`).send({}).expect(200)).body as Created;
    secrets.push(rotated.api_secret ?? rotated.api_key);
    answers.push(
      await partner.post(`${keys}/${id}/revoke`),
      await partner.get(`${keys}/${id}/usage`),
      await partner.get(`${keys}/${id}/audit`),
      await partner.get(keys),
    );
    for (const { status, text } of answers) {
      expect(status).toBe(200);
      for (const secret of secrets) expect(text).not.toContain(secret);
    }
  }
  for (const table of ['audit_entries', 'api_keys', 'key_credentials', 'request_log', 'idempotency_records']) {
    const { rows } = await server.database.query(`SELECT t::text AS text FROM ${table} t`);
    const text = JSON.stringify(rows);
    expect(rows.length > 0 || table !== 'audit_entries').toBe(true);
    for (const secret of secrets) expect(text).not.toContain(secret);
  }
});
