import { beforeAll, describe, expect, it } from 'vitest';
import type { CheckView } from '../../src/insight/check/check.dto.js';
import { createAgent, createKey, type Signed, signedInAs } from '../support/manage.js';
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
