import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { RequireAgentScope } from '../../src/access/decorators/require-scope.js';
import { OwnAgentGuard } from '../../src/access/guards/own-agent.guard.js';
import { Principal } from '../../src/access/principal/principal.js';
import { UnknownQueryGuard } from '../../src/core/wire/unknown-query.guard.js';
import { SCOPE_CATALOGUE } from '../../src/access/scopes/scope-catalogue.js';
import { unauthorized } from '../../src/access/credentials/unauthorized.js';
import { burstOf, statusCounts } from '../support/burst.js';
import { createAgent, createKey, pairHeaders, readKey, type Signed, signedInAs } from '../support/manage.js';
import { changeBySql } from '../support/sql-change.js';
import { TestServer, type TestOrg } from '../support/start-app.js';
import { UNKNOWN_ID } from '../support/unknown-id.js';

const KEYS = '/manage/v1/api-keys';

// An empty setting selects the default.
const server = TestServer.forSuite({ LIMIT_AGENT_KEY_PER_MINUTE: '', LIMIT_AGENT_KEY_PER_HOUR: '' });
let org: TestOrg;
let admin: Signed;
let agent_id: string;
beforeAll(async () => {
  org = await server.newOrg();
  admin = await signedInAs(server, org, 'Admin');
  agent_id = await createAgent(admin);
});

const createPair = (settings: object = {}, by = admin) =>
  createKey(by, { name: 'Production sync', kind: 'key_secret', agent_id, ...settings });
const create = (body: object, by = admin) =>
  by.post(KEYS).send({ name: 'Production sync', kind: 'key_secret', agent_id, scopes: ['contacts:read'], ...body });
const whoami = (headers: Record<string, string>) => server.http.get('/whoami').set(headers);

describe('roles', () => {
  it('a Member can read keys, and gets 403 for every change', async () => {
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
      expect(body).toEqual({ statusCode: 403, message: 'This needs the role Owner or Admin.', code: 'role_missing' });
    expect(await readKey(admin, id)).toMatchObject({ name: 'Production sync', state: 'active', acknowledged: false });
  });

  it('an Owner and an Admin can create and change keys', async () => {
    for (const role of ['Owner', 'Admin'] as const) {
      const signed = await signedInAs(server, org, role);
      const { id } = await createPair({}, signed);
      await signed.patch(`${KEYS}/${id}`).send({ name: 'Staging' }).expect(200);
      await signed.delete(`${KEYS}/${id}`).expect(204);
    }
  });
});

describe('creating a key with a secret', () => {
  it('requires an existing agent of the org', async () => {
    expect((await create({ agent_id: null }).expect(400)).body.message).toBe(
      'agent_id is required for a key with a secret',
    );
    await create({ agent_id: UNKNOWN_ID }).expect(404);
    expect((await createPair()).agent_id).toBe(agent_id);
  });

  it('shows the key and the secret once, and the secret never again', async () => {
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

  it('deleting the key revokes it at once', async () => {
    const key = await createPair();
    await whoami(pairHeaders(key)).expect(200);
    await admin.delete(`${KEYS}/${key.id}`).expect(204);
    await whoami(pairHeaders(key)).expect(401);
  });
});

describe('authentication with a key and a secret', () => {
  it('refuses one half alone, or a half of another key, with 401', async () => {
    const [one, other] = [await createPair(), await createPair()];
    const [key, secret] = Object.entries(pairHeaders(one));
    await whoami(Object.fromEntries([key!, secret!])).expect(200);
    for (const half of [key!, secret!]) await whoami(Object.fromEntries([half])).expect(401);
    await whoami({ ...pairHeaders(one), 'X-API-Secret': other.api_secret! }).expect(401);
    await whoami({ Authorization: `Bearer ${one.api_key}` }).expect(401);
    await whoami({ Authorization: `Bearer ${one.api_secret}` }).expect(401);
  });

  it('asks for the x-api-key and x-api-secret headers in the contracted message', () => {
    expect(unauthorized('agent', false).message).toBe('Both x-api-key and x-api-secret headers are required.');
  });
});

describe('scopes of agent keys', () => {
  it('are create, read, update and delete on contacts, and create and read on document-extraction', () => {
    const listed = SCOPE_CATALOGUE.filter(({ audience }) => audience === 'agent');
    expect(listed.map(({ label, resource, actions }) => [label, resource, actions])).toEqual([
      ['Contact Access', 'contacts', ['create', 'read', 'update', 'delete']],
      ['Document Extraction Access', 'document-extraction', ['create', 'read']],
    ]);
  });

  it('can be granted one by one, and the scopes of org keys cannot', async () => {
    const scopes = ['contacts:create', 'contacts:delete', 'contacts:read', 'contacts:update'];
    expect((await createPair({ scopes })).scopes.toSorted()).toEqual(scopes);
    for (const scope of ['contacts:write', 'document-extraction:delete', 'tags:read']) {
      const { body } = await create({ scopes: [scope] }).expect(400);
      expect(body.message).toContain(scope);
    }
  });

  it('contacts:read of an agent key does not open the routes of org keys', async () => {
    await server.http
      .get('/contacts')
      .set(pairHeaders(await createPair()))
      .expect(401);
  });
});

describe('settings of a key with a secret', () => {
  it('require a name and at least one scope, and take a description', async () => {
    await create({ name: undefined }).expect(400);
    expect((await createPair({ description: 'Nightly import' })).description).toBe('Nightly import');
    for (const body of [{ scopes: [] }, { scopes: null }, { scopes: null, access: 'scoped' }])
      await create(body).expect(400);
    await create({ access: 'full', scopes: null }).expect(400);
  });

  it('default to the enforced limits of 60 requests per minute and 1,000 per hour', async () => {
    const key = await createPair();
    expect(key.rate_limit).toEqual({ per_minute: 60, per_hour: 1_000 });
    const answers = await burstOf(server.url, 70, { path: '/whoami', headers: pairHeaders(key) });
    expect(statusCounts(answers)).toEqual({ 200: 60, 429: 10 });
  });

  it('take limits of up to 1,000 per minute and 10,000 per hour, on create and on update', async () => {
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

  it('limit the key to addresses and CIDR ranges, and accept any address if unset', async () => {
    const bound = await createPair({ allowed_ips: ['203.0.113.7', '198.51.100.0/24'] });
    const from = (key: typeof bound, address: string) => whoami(pairHeaders(key)).set('X-Forwarded-For', address);
    await from(bound, '203.0.113.7').expect(200);
    await from(bound, '198.51.100.200').expect(200);
    const { body } = await from(bound, '203.0.113.8').expect(403);
    expect(body).toEqual({
      statusCode: 403,
      message: 'IP address 203.0.113.8 is not allowed.',
      code: 'ip_not_allowed',
    });
    await from(await createPair(), '203.0.113.8').expect(200);
    await create({ allowed_ips: ['203.0.113'] }).expect(400);
  });

  it('end the key at its expiry', async () => {
    const key = await createPair({ expires_at: new Date(Date.now() + 3_600_000).toISOString() });
    await whoami(pairHeaders(key)).expect(200);
    await changeBySql(server, 'update api_keys set expires_at = now() where id = $1', [key.id]);
    await whoami(pairHeaders(key)).expect(401);
  });

  it('take effect once the update returns', async () => {
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

describe('isolation of agent keys', () => {
  class ProbeController {
    @RequireAgentScope('contacts', 'read')
    read() {}
  }
  const probe = ProbeController.prototype.read;

  /** Runs the guard with a principal bound to `agent_id`, on the path of the given agent. */
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

  it('refuses the routes of another, an unknown or a malformed agent id with the same 403', async () => {
    expect([await ask(agent_id), await ask(agent_id.toUpperCase())]).toEqual(['true', 'true']);
    for (const other of [await createAgent(admin), UNKNOWN_ID, 'agent', '']) {
      expect(await ask(other)).toBe('This API key is not valid for this agent.');
    }
  });

  it('applies to every agent route, because the decorator adds the guard', () => {
    expect(Reflect.getMetadata('__guards__', probe)).toEqual([OwnAgentGuard, expect.any(UnknownQueryGuard)]);
  });

  it('gives no access to agents and keys of another org', async () => {
    const elsewhere = await signedInAs(server, await server.newOrg(), 'Admin');
    await create({}, elsewhere).expect(404);
    const { id } = await createPair();
    for (const path of [`${KEYS}/${id}`, `${KEYS}/${id}/usage`]) await elsewhere.get(path).expect(404);
    await elsewhere.delete(`${KEYS}/${id}`).expect(404);
  });

  it('counts usage per key', async () => {
    const [used, unused] = [await createPair(), await createPair()];
    await whoami(pairHeaders(used)).expect(200);
    expect((await readKey(admin, used.id)).usage.last_24_hours).toBe(1);
    expect((await readKey(admin, unused.id)).usage.last_24_hours).toBe(0);
  });
});

it('the state of a key tells an expired key from a deleted one', async () => {
  const [expired, deleted] = [await createPair(), await createPair()];
  await changeBySql(server, 'update api_keys set expires_at = now() where id = $1', [expired.id]);
  await admin.delete(`${KEYS}/${deleted.id}`).expect(204);
  expect([(await readKey(admin, expired.id)).state, (await readKey(admin, deleted.id)).state]).toEqual([
    'expired',
    'revoked',
  ]);
});
