import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RequireAgentScope } from '../../src/access/decorators/require-scope.js';
import { OwnAgentGuard } from '../../src/access/guards/own-agent.guard.js';
import { Principal } from '../../src/access/principal/principal.js';
import { SCOPE_CATALOGUE } from '../../src/access/scopes/scope-catalogue.js';
import { unauthorized } from '../../src/access/credentials/unauthorized.js';
import { burstOf, statusCounts } from '../support/burst.js';
import { createAgent, createKey, pairHeaders, readKey, type Signed, signedInAs } from '../support/manage.js';
import { changeBySql } from '../support/sql-change.js';
import { TestServer, type TestOrg } from '../support/start-app.js';
import { UNKNOWN_ID } from '../support/unknown-id.js';

const KEYS = '/manage/v1/api-keys';
let server: TestServer;
let org: TestOrg;
let admin: Signed;
let agent_id: string;
beforeAll(async () => {
  // Left empty, a setting has its default.
  server = await TestServer.start({ LIMIT_AGENT_KEY_PER_MINUTE: '', LIMIT_AGENT_KEY_PER_HOUR: '' });
  org = await server.newOrg();
  admin = await signedInAs(server, org, 'Admin');
  agent_id = await createAgent(admin);
});
afterAll(() => server.close());

const createPair = (settings: object = {}, by = admin) =>
  createKey(by, { name: 'Production sync', kind: 'key_secret', agent_id, ...settings });
const create = (body: object, by = admin) =>
  by.post(KEYS).send({ name: 'Production sync', kind: 'key_secret', agent_id, scopes: ['contacts:read'], ...body });
const whoami = (headers: Record<string, string>) => server.http.get('/whoami').set(headers);

describe('"Owner or Admin role — only Owners and Admins can create or change API keys"', () => {
  it('a Member reads them, and is 403 for every change', async () => {
    const member = await signedInAs(server, org, 'Member');
    const { id } = await createPair();
    const path = `${KEYS}/${id}`;
    for (const read of [KEYS, path, `${path}/usage`]) await member.get(read).expect(200);
    const refused = [
      await create({}, member),
      await member.patch(path).send({ name: 'Mine' }),
      await member.post(`${path}/acknowledge`),
      await member.post(`${path}/rotate`),
      await member.post(`${path}/revoke`),
      await member.delete(path),
    ];
    for (const { body } of refused)
      expect(body).toEqual({ statusCode: 403, message: 'This needs the role Owner or Admin.' });
    expect(await readKey(admin, id)).toMatchObject({ name: 'Production sync', state: 'active', acknowledged: false });
  });

  it('an Owner and an Admin may', async () => {
    for (const role of ['Owner', 'Admin'] as const) {
      const signed = await signedInAs(server, org, role);
      const { id } = await createPair({}, signed);
      await signed.patch(`${KEYS}/${id}`).send({ name: 'Staging' }).expect(200);
      await signed.delete(`${KEYS}/${id}`).expect(204);
    }
  });
});

describe('"Create an API key"', () => {
  it('"choose the agent it should act on", "already created": it needs one of the org\'s own', async () => {
    expect((await create({ agent_id: null }).expect(400)).body.message).toBe(
      'agent_id is required for a key with a secret',
    );
    await create({ agent_id: UNKNOWN_ID }).expect(404);
    expect((await createPair()).agent_id).toBe(agent_id);
  });

  it('"Copy the API key and secret immediately": both are shown once, and the secret never again', async () => {
    const key = await createPair();
    expect(key.api_key).toMatch(/^ocx_key_[0-9A-Za-z]{22}$/);
    expect(key.api_secret).toMatch(/^ocx_sec_[0-9A-Za-z]{49}$/);
    const again = (await admin.get(`${KEYS}/${key.id}`).expect(200)).text;
    expect(JSON.parse(again).api_key).toBe(key.api_key);
    const lists = [
      again,
      (await admin.get(KEYS)).text,
      (await whoami(pairHeaders(key))).text,
      (await admin.get('/manage/v1/audit')).text,
    ];
    expect(lists.filter((text) => text.includes(key.api_secret!))).toEqual([]);
    const { rows } = await server.database.pool.query('select secret_hash from key_credentials where key_id = $1', [
      key.id,
    ]);
    expect(rows[0].secret_hash).toMatch(/^\$argon2id\$v=19\$m=19456,/);
  });

  it('"Deleting a key immediately revokes access for any application using it"', async () => {
    const key = await createPair();
    await whoami(pairHeaders(key)).expect(200);
    await admin.delete(`${KEYS}/${key.id}`).expect(204);
    await whoami(pairHeaders(key)).expect(401);
  });
});

describe('"Authenticate a request"', () => {
  it('"Send both the key and the secret as headers on every request": one alone, or of another key, is 401', async () => {
    const [one, other] = [await createPair(), await createPair()];
    const [key, secret] = Object.entries(pairHeaders(one));
    await whoami(Object.fromEntries([key!, secret!])).expect(200);
    for (const half of [key!, secret!]) await whoami(Object.fromEntries([half])).expect(401);
    await whoami({ ...pairHeaders(one), 'X-API-Secret': other.api_secret! }).expect(401);
    await whoami({ Authorization: `Bearer ${one.api_key}` }).expect(401);
    await whoami({ Authorization: `Bearer ${one.api_secret}` }).expect(401);
  });

  it('"a message asking for the x-api-key and x-api-secret headers", to the letter', () => {
    expect(unauthorized('agent', false).message).toBe('Both x-api-key and x-api-secret headers are required.');
  });
});

describe('"Permission scopes"', () => {
  it('the table: contacts with create, read, update and delete, document-extraction with create and read', () => {
    const listed = SCOPE_CATALOGUE.filter(({ audience }) => audience === 'agent');
    expect(listed.map(({ label, resource, actions }) => [label, resource, actions])).toEqual([
      ['Contact Access', 'contacts', ['create', 'read', 'update', 'delete']],
      ['Document Extraction Access', 'document-extraction', ['create', 'read']],
    ]);
  });

  it('any of them can be granted, those of an org key can not', async () => {
    const scopes = ['contacts:create', 'contacts:delete', 'contacts:read', 'contacts:update'];
    expect((await createPair({ scopes })).scopes.toSorted()).toEqual(scopes);
    for (const scope of ['contacts:write', 'document-extraction:delete', 'tags:read']) {
      const { body } = await create({ scopes: [scope] }).expect(400);
      expect(body.message).toContain(scope);
    }
  });

  it("an agent key's contacts:read is not an org key's", async () => {
    await server.http
      .get('/contacts')
      .set(pairHeaders(await createPair()))
      .expect(401);
  });
});

describe('"Key settings"', () => {
  it('"Name: required", "Description: optional", "Permissions: at least one required"', async () => {
    await create({ name: undefined }).expect(400);
    expect((await createPair({ description: 'Nightly import' })).description).toBe('Nightly import');
    for (const body of [{ scopes: [] }, { scopes: null }, { scopes: null, access: 'scoped' }])
      await create(body).expect(400);
    await create({ access: 'full', scopes: null }).expect(400);
  });

  it('"Rate limits: defaults 60/min and 1,000/hour", which hold', async () => {
    const key = await createPair();
    expect(key.rate_limit).toEqual({ per_minute: 60, per_hour: 1_000 });
    const answers = await burstOf(server.url, 70, { path: '/whoami', headers: pairHeaders(key) });
    expect(statusCounts(answers)).toEqual({ 200: 60, 429: 10 });
  });

  it('"configurable up to 1,000/min and 10,000/hour", when it is made and when it is edited', async () => {
    const most = { per_minute: 1_000, per_hour: 10_000 };
    const { id, rate_limit } = await createPair({ rate_limit: most });
    expect(rate_limit).toEqual(most);
    for (const over of [{ per_minute: 1_001 }, { per_hour: 10_001 }, { per_minute: 0 }]) {
      await create({ rate_limit: over }).expect(400);
      await admin.patch(`${KEYS}/${id}`).send({ rate_limit: over }).expect(400);
    }
    const { body } = await admin
      .patch(`${KEYS}/${id}`)
      .send({ rate_limit: { per_minute: 2 } })
      .expect(200);
    expect(body.rate_limit).toEqual({ per_minute: 2, per_hour: 10_000 });
  });

  it('"Allowed IPs: restrict use to specific IPv4 addresses or CIDR ranges"; "leave unset to allow any IP"', async () => {
    const bound = await createPair({ allowed_ips: ['203.0.113.7', '198.51.100.0/24'] });
    const from = (key: typeof bound, address: string) => whoami(pairHeaders(key)).set('X-Forwarded-For', address);
    await from(bound, '203.0.113.7').expect(200);
    await from(bound, '198.51.100.200').expect(200);
    const { body } = await from(bound, '203.0.113.8').expect(403);
    expect(body).toEqual({ statusCode: 403, message: 'IP address 203.0.113.8 is not allowed.' });
    await from(await createPair(), '203.0.113.8').expect(200);
    await create({ allowed_ips: ['203.0.113'] }).expect(400);
  });

  it('"Expiry: a date after which the key stops working"', async () => {
    const key = await createPair({ expires_at: new Date(Date.now() + 3_600_000).toISOString() });
    await whoami(pairHeaders(key)).expect(200);
    await changeBySql(server, 'update api_keys set expires_at = now() where id = $1', [key.id]);
    await whoami(pairHeaders(key)).expect(401);
  });

  it('"When you create or edit a key": each can be edited, in force when the call answers', async () => {
    const key = await createPair();
    await whoami(pairHeaders(key)).expect(200);
    await admin
      .patch(`${KEYS}/${key.id}`)
      .send({ allowed_ips: ['203.0.113.7'] })
      .expect(200);
    await whoami(pairHeaders(key)).expect(403);
    await admin
      .patch(`${KEYS}/${key.id}`)
      .send({ allowed_ips: [], scopes: ['contacts:delete'] })
      .expect(200);
    expect((await whoami(pairHeaders(key)).expect(200)).body.scopes).toEqual(['contacts:delete']);
  });
});

describe('"Scoping and isolation"', () => {
  class ProbeController {
    @RequireAgentScope('contacts', 'read')
    read() {}
  }
  const probe = ProbeController.prototype.read;

  /** What the guard says to a principal of the agent's own key. */
  async function ask(agent: string): Promise<string> {
    const principal = new Principal({
      audience: 'agent',
      id: UNKNOWN_ID,
      name: 'Production sync',
      agentId: agent_id,
      partnerActive: true,
      scopes: null,
      allowedOrigins: [],
      expiresAtMs: Infinity,
      windows: [],
    });
    const context = new ExecutionContextHost([{ params: { agent_id: agent }, principal }], ProbeController, probe);
    try {
      return String(new OwnAgentGuard().canActivate(context));
    } catch (error) {
      return (error as Error).message;
    }
  }

  it('"Calling another agent\'s endpoint with the wrong key is rejected": another, unknown or malformed id', async () => {
    expect([await ask(agent_id), await ask(agent_id.toUpperCase())]).toEqual(['true', 'true']);
    for (const other of [await createAgent(admin), UNKNOWN_ID, 'agent', '']) {
      expect(await ask(other)).toBe('This API key is not valid for this agent.');
    }
  });

  it('every agent route asks it: the decorator brings the guard', () => {
    expect(Reflect.getMetadata('__guards__', probe)).toEqual([OwnAgentGuard]);
  });

  it('"there is no cross-tenant access": no agent, and no key, of another org', async () => {
    const elsewhere = await signedInAs(server, await server.newOrg(), 'Admin');
    await create({}, elsewhere).expect(404);
    const { id } = await createPair();
    for (const path of [`${KEYS}/${id}`, `${KEYS}/${id}/usage`]) await elsewhere.get(path).expect(404);
    await elsewhere.delete(`${KEYS}/${id}`).expect(404);
  });

  it('"Usage is tracked per key"', async () => {
    const [used, unused] = [await createPair(), await createPair()];
    await whoami(pairHeaders(used)).expect(200);
    expect((await readKey(admin, used.id)).usage.last_24_hours).toBe(1);
    expect((await readKey(admin, unused.id)).usage.last_24_hours).toBe(0);
  });
});

it('"Check whether it reached its expiry date or was deleted": its state says which', async () => {
  const [expired, deleted] = [await createPair(), await createPair()];
  await changeBySql(server, 'update api_keys set expires_at = now() where id = $1', [expired.id]);
  await admin.delete(`${KEYS}/${deleted.id}`).expect(204);
  expect([(await readKey(admin, expired.id)).state, (await readKey(admin, deleted.id)).state]).toEqual([
    'expired',
    'revoked',
  ]);
});
