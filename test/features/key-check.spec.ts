import { beforeAll, describe, expect, it } from 'vitest';
import type { CheckView } from '../../src/insight/check/check.dto.js';
import { createAgent, createKey, pairHeaders, type Signed, signedInAs } from '../support/manage.js';
import { newService } from '../support/services.js';
import { type TestOrg, TestServer } from '../support/start-app.js';
import { UNKNOWN_ID } from '../support/unknown-id.js';

const server = TestServer.forSuite();
let org: TestOrg;
let admin: Signed;
beforeAll(async () => {
  org = await server.newOrg();
  admin = await signedInAs(server, org, 'Admin');
});

async function check(id: string, question: object): Promise<CheckView> {
  return (await admin.post(`/manage/v1/api-keys/${id}/check`).send(question).expect(200)).body as CheckView;
}

const resultsOf = ({ guards }: CheckView) => guards.map(({ result }) => result);
const reasonsOf = ({ guards }: CheckView) => guards.flatMap(({ reason }) => reason ?? []);

describe('a check of a key', () => {
  it('lists each guard with its answer where the key may send the request', async () => {
    const { id } = await createKey(admin, { scopes: ['tags:read'] });
    expect(await check(id, { method: 'GET', path: '/tags?limit=2' })).toEqual({
      allowed: true,
      at: expect.any(String),
      status: 200,
      message: 'The guards let the request pass.',
      route: { method: 'GET', path: '/tags', service: null },
      guards: [
        { guard: 'authentication', result: 'pass', reason: null, message: 'The key is active.' },
        { guard: 'network', result: 'pass', reason: null, message: 'The key works from anywhere.' },
        { guard: 'partner_active', result: 'pass', reason: null, message: 'The partner is active.' },
        {
          guard: 'rate_limit',
          result: 'pass',
          reason: null,
          message: '1000000 of 1000000 requests are left in this minute (key-min).',
        },
        { guard: 'scope', result: 'pass', reason: null, message: 'The key has "tags:read".' },
      ],
      mends: [],
    });
  });

  it('asks the later guards after one has refused, and says what would mend all of it', async () => {
    const { id } = await createKey(admin, { scopes: ['tags:read'], allowed_ips: ['198.51.100.0/24'] });
    const view = await check(id, { method: 'DELETE', path: '/tags/vip', ip: '203.0.113.9' });
    expect(view).toMatchObject({
      allowed: false,
      status: 403,
      message: 'IP address 203.0.113.9 is not allowed.',
      route: { method: 'DELETE', path: '/tags/{tag_name}', service: null },
      mends: [
        { action: 'allow_address', value: '203.0.113.9', role: 'Admin' },
        { action: 'grant_scope', value: 'tags:write', role: 'Admin' },
      ],
    });
    expect(resultsOf(view)).toEqual(['pass', 'refuse', 'pass', 'pass', 'refuse']);
    expect(reasonsOf(view)).toEqual(['address_not_allowed', 'scope_missing']);
  });

  it('is answered for a revoked key, and for the time at which a key will have expired', async () => {
    const soon = new Date(Date.now() + 3_600_000).toISOString();
    const { id } = await createKey(admin, { scopes: ['tags:read'], expires_at: soon });
    const question = { method: 'GET', path: '/tags' };
    expect(await check(id, question)).toMatchObject({ allowed: true });
    const later = await check(id, { ...question, at: new Date(Date.now() + 7_200_000).toISOString() });
    expect(later).toMatchObject({ status: 401, message: 'The key is expired.', mends: [{ action: 'extend_expiry' }] });
    await admin.post(`/manage/v1/api-keys/${id}/revoke`).expect(200);
    const revoked = await check(id, question);
    expect(revoked).toMatchObject({ status: 401, message: 'The key is revoked.', mends: [{ action: 'create_key' }] });
    expect(resultsOf(revoked)).toEqual(['refuse', 'pass', 'pass', 'pass', 'pass']);
  });

  it('answers for a scope without a route', async () => {
    const { id } = await createKey(admin, { scopes: ['tags:read'] });
    expect(await check(id, { scope: 'tags:read' })).toMatchObject({ allowed: true, route: null });
    expect(await check(id, { scope: 'tags:write' })).toMatchObject({ status: 403, message: /"tags:write"/ });
  });

  it('says that a route takes another kind of key, and asks for no scope then', async () => {
    const agent = await createAgent(admin);
    const pair = await createKey(admin, { kind: 'key_secret', agent_id: agent, scopes: ['contacts:read'] });
    const bearer = await createKey(admin, { scopes: ['contacts:read'] });
    const open = { method: 'GET', path: `/v1/open/contacts/chatbots/${agent}` };
    expect(await check(pair.id, open)).toMatchObject({ allowed: true });
    const view = await check(bearer.id, open);
    expect(view).toMatchObject({
      status: 401,
      message: 'The route takes a key with a secret.',
      mends: [{ action: 'create_key', value: 'key_secret' }],
    });
    expect(resultsOf(view)).toEqual(['refuse', 'pass', 'pass', 'pass', 'skip']);
    const other = { method: 'GET', path: `/v1/open/contacts/chatbots/${UNKNOWN_ID}` };
    expect(reasonsOf(await check(pair.id, other))).toEqual(['agent_mismatch']);
    const template = { method: 'GET', path: '/v1/open/contacts/chatbots/{agent_id}' };
    expect(await check(pair.id, template)).toMatchObject({ allowed: true });
    expect(await check(bearer.id, { method: 'GET', path: '/manage/v1/api-keys' })).toMatchObject({
      message: 'The route takes the session of a member, not an API key.',
      mends: [],
    });
  });

  it('says that no route takes the request, and which methods a path has', async () => {
    const { id } = await createKey(admin, { scopes: ['tags:read'] });
    const none = await check(id, { method: 'GET', path: '/no/such/path' });
    expect(none).toMatchObject({ allowed: false, status: 404, message: 'Route not found', route: null });
    expect(reasonsOf(none)).toEqual(['no_route']);
    const wrong = await check(id, { method: 'PATCH', path: '/contacts' });
    expect(wrong).toMatchObject({ status: 405, message: 'Method PATCH is not allowed here: use GET, HEAD, POST.' });
    const open = await check(id, { method: 'GET', path: '/healthz' });
    expect(open).toMatchObject({ allowed: true });
    expect(resultsOf(open)).toEqual(['skip', 'skip', 'skip', 'skip', 'skip']);
  });

  it('refuses questions that are none', async () => {
    const { id } = await createKey(admin);
    const ask = (question: object) => admin.post(`/manage/v1/api-keys/${id}/check`).send(question).expect(400);
    const messageOf = async (question: object) => (await ask(question)).body.message as string;
    expect(await messageOf({})).toBe('path is required where there is no scope');
    expect(await messageOf({ path: '/tags' })).toBe('method is required with path');
    expect(await messageOf({ method: 'GET', path: '/tags', scope: 'tags:read' })).toBe(
      'scope cannot be given with path',
    );
    expect(await messageOf({ scope: 'none:read' })).toBe('"none:read" is not a scope');
    expect(await messageOf({ method: 'GET', path: '/', service: 'none' })).toBe('"none" is not a service');
    expect(await messageOf({ scope: 'tags:read', ip: 'localhost' })).toBe('ip must be an IPv4 or IPv6 address');
  });

  it('is 404 for a key of another org, and for a credential of another key', async () => {
    const stranger = await signedInAs(server, await server.newOrg(), 'Owner');
    const [one, two] = [await createKey(admin), await createKey(admin)];
    const question = { method: 'GET', path: '/tags' };
    await stranger.post(`/manage/v1/api-keys/${one.id}/check`).send(question).expect(404);
    const rows = await server.database.query('SELECT id FROM key_credentials WHERE key_id = $1', [two.id]);
    const credential_id = rows.rows[0]!['id'] as string;
    const { body } = await admin
      .post(`/manage/v1/api-keys/${one.id}/check`)
      .send({ ...question, credential_id })
      .expect(404);
    expect(body.message).toBe('Credential not found');
    expect(await check(two.id, { ...question, credential_id })).toMatchObject({ status: 403 });
  });

  it('charges no limit of the key and counts no use', async () => {
    const key = await createKey(admin, { scopes: ['tags:read'], rate_limit: { per_minute: 1 } });
    const question = { method: 'GET', path: '/tags' };
    for (let count = 0; count < 3; count++) expect(await check(key.id, question)).toMatchObject({ allowed: true });
    await server.as(key.api_key).get('/tags').expect(200);
    const full = await check(key.id, question);
    expect(full).toMatchObject({ status: 429, message: 'Rate limit exceeded: 1 request per minute.' });
    expect(full.mends.map(({ action, value, role }) => ({ action, value, role }))).toEqual([
      { action: 'raise_limit', value: 'per_minute', role: 'Admin' },
      { action: 'wait', value: expect.stringMatching(/^\d+$/), role: null },
    ]);
    const after = new Date(Date.now() + 61_000).toISOString();
    expect(await check(key.id, { ...question, at: after })).toMatchObject({ allowed: true });
    const { usage } = (await admin.get(`/manage/v1/api-keys/${key.id}`).expect(200)).body;
    expect(usage).toMatchObject({ last_24_hours: 1 });
  });

  it('can be asked by every member', async () => {
    const member = await signedInAs(server, org, 'Member');
    const { id } = await createKey(admin);
    await member.post(`/manage/v1/api-keys/${id}/check`).send({ scope: 'tags:read' }).expect(200);
  });
});

describe('a partner', () => {
  it('checks the keys of its orgs, and gets the 403 of its other routes for those of others', async () => {
    const { id } = await server.newOrgKey(org, { scopes: ['tags:read'] });
    const ask = (partnerKey: string, orgId: string) =>
      server.as(partnerKey).post(`/partner/v1/orgs/${orgId}/api-keys/${id}/check`).send({ scope: 'tags:read' });
    expect((await ask(org.partner.key, org.id).expect(200)).body).toMatchObject({ allowed: true });
    const other = await server.newOrg();
    await ask(other.partner.key, org.id).expect(403);
    await ask(other.partner.key, other.id).expect(404);
  });
});

describe('POST /whoami/check', () => {
  it('answers a key about itself, with the address and the origin of the call', async () => {
    const { api_key } = await createKey(admin, { scopes: ['tags:read'], allowed_ips: ['127.0.0.0/8'] });
    const ask = (question: object) => server.as(api_key).post('/whoami/check').send(question).expect(200);
    const { body } = await ask({ method: 'PUT', path: '/tags' });
    expect(body).toMatchObject({ status: 403, mends: [{ action: 'grant_scope', value: 'tags:write' }] });
    expect(body.guards[1]).toMatchObject({ result: 'pass', message: '127.0.0.1 is an allowed address.' });
    const elsewhere = (await ask({ scope: 'tags:read', ip: '203.0.113.9' })).body;
    expect(elsewhere).toMatchObject({ message: 'IP address 203.0.113.9 is not allowed.' });
  });

  it('answers about the credential that called: one that a rotation replaced, and when it ends', async () => {
    const { id, api_key } = await createKey(admin, { scopes: ['tags:read'] });
    await admin.post(`/manage/v1/api-keys/${id}/rotate`).send({ grace_seconds: 3_600 }).expect(200);
    const ask = async (at?: string) =>
      (await server.as(api_key).post('/whoami/check').send({ scope: 'tags:read', at }).expect(200)).body as CheckView;
    const message = expect.stringMatching(/^The credential, which a newer one replaced, works until /);
    expect((await ask()).guards[0]).toMatchObject({ result: 'pass', message });
    const late = await ask(new Date(Date.now() + 7_200_000).toISOString());
    expect(late).toMatchObject({ status: 401, mends: [{ action: 'rotate' }] });
    expect(reasonsOf(late)).toEqual(['credential_replaced']);
    expect(await check(id, { scope: 'tags:read' })).toMatchObject({ allowed: true });
  });

  it('answers keys with a secret and typed keys', async () => {
    const typed = await createKey(admin, { type: 'client', allowed_origins: ['app.example.com'] });
    const ask = (question: object) =>
      server.as(typed.api_key).post('/whoami/check').set('Origin', 'https://app.example.com').send(question);
    expect((await ask({ method: 'POST', path: '/events' }).expect(200)).body).toMatchObject({ allowed: true });
    const evil = { method: 'POST', path: '/events', origin: 'https://evil.example:8443' };
    expect((await ask(evil).expect(200)).body).toMatchObject({
      message: 'Origin is not allowed.',
      mends: [{ action: 'create_key', value: 'evil.example' }],
    });
    const pair = await createKey(admin, {
      kind: 'key_secret',
      agent_id: await createAgent(admin),
      scopes: ['contacts:read'],
    });
    const { body } = await server.http.post('/whoami/check').set(pairHeaders(pair)).send({ scope: 'contacts:create' });
    expect(body).toMatchObject({ mends: [{ action: 'grant_scope', value: 'contacts:create' }] });
  });
});

describe('a check of a request to a service', () => {
  it('uses the routes and scopes of the service, and the reach of full access', async () => {
    const before = await createKey(admin, { access: 'full' });
    const service = await newService(server, {
      routes: [
        { methods: ['GET'], path: '/invoices/{id}', needs: '{resource}:read' },
        { methods: ['GET'], path: '/open', needs: 'public', reason: 'a test' },
      ],
    });
    const scope = service.scope('read');
    const scoped = await createKey(admin, { scopes: [scope] });
    const ask = (id: string, question: object) => check(id, { service: service.slug, ...question });
    const route = { method: 'GET', path: '/invoices/{id}', service: service.slug };
    expect(await ask(scoped.id, { method: 'GET', path: '/invoices/7?page=2' })).toMatchObject({ allowed: true, route });
    expect(await ask(scoped.id, { method: 'GET', path: '/invoices/{id}' })).toMatchObject({ allowed: true, route });
    expect(await ask(before.id, { method: 'GET', path: '/invoices/7' })).toMatchObject({
      status: 403,
      mends: [{ action: 'create_key', value: null }],
    });
    expect(await check(scoped.id, { scope })).toMatchObject({ allowed: true });
    expect(reasonsOf(await ask(scoped.id, { method: 'GET', path: '/a//b' }))).toEqual(['ambiguous_path']);
    expect(reasonsOf(await ask(scoped.id, { method: 'POST', path: '/invoices/7' }))).toEqual(['no_route']);
    expect(await ask(scoped.id, { method: 'GET', path: '/open' })).toMatchObject({ allowed: true });
  });
});
