import { beforeAll, describe, expect, it } from 'vitest';
import { SCOPE_CATALOGUE } from '../../src/access/scopes/scope-catalogue.js';
import { TestServer, type TestOrg } from '../support/start-app.js';
import { newOpaqueKey } from '../support/stored-keys.js';

const UNAUTHORIZED = '{"statusCode":401,"message":"Unauthorized","error":"Unauthorized"}';

/** The scopes of org keys [S0]: label, resource, actions. */
const AVAILABLE_SCOPES: [string, string, string][] = [
  ...rows('Actions actions, Autopilot autopilot, Blocklist blocklist, Chat sessions chat-sessions', 'read write'),
  ...rows('Contacts contacts, Crawl crawl, CSAT csat, Email email, Help center help-center', 'read write'),
  ...rows('Insights insights, Office hours office-hours, Organization org, Phone phone', 'read write'),
  ...rows('Redaction redaction, Sequences sequences, SIP sip, SLA policies sla, Tags tags', 'read write'),
  ...rows('Teams teams, Training training, WhatsApp whatsapp, Widget widget', 'read write'),
  ...rows('Handoff analytics handoff-analytics, SLA analytics sla-analytics', 'read'),
  ...rows('Media media', 'write'),
  ...rows('Workflows workflows', 'read write trigger'),
];

function rows(named: string, actions: string): [string, string, string][] {
  return named.split(', ').map((row) => {
    const [, label, resource] = /^(.+) (\S+)$/.exec(row)!;
    return [label!, resource!, actions];
  });
}

const server = TestServer.forSuite();
let org: TestOrg;
beforeAll(async () => {
  org = await server.newOrg();
});

const keyWith = async (...scopes: string[]) => (await server.newOrgKey(org, { scopes })).key;
const fullKey = async () => (await server.newOrgKey(org, { name: 'Production' })).key;
const createKey = (body: object) => server.as(org.partner.key).post(`/partner/v1/orgs/${org.id}/api-keys`).send(body);
const missing = (scope: string) => ({
  statusCode: 403,
  message: `This API key does not have the required scope: "${scope}".`,
});

describe('a request with a bearer key', () => {
  it('lists the contacts of the org that the key belongs to', async () => {
    const key = await fullKey();
    await server
      .as(key)
      .post('/contacts')
      .send({ contact: { email: 'jane@acmetours.example' } })
      .expect(201);
    const { body, headers } = await server.as(key).get('/contacts').expect(200);
    expect(headers['content-type']).toContain('application/json');
    expect(body.items).toMatchObject([{ email: 'jane@acmetours.example' }]);
  });

  it('is refused without a key by a 401 with the contracted body', async () => {
    const { text, headers } = await server.http.get('/contacts').expect(401);
    expect(text).toBe(UNAUTHORIZED);
    expect(headers['www-authenticate']).toBe('Bearer realm="gatehouse"');
  });

  it('accepts keys of the form ocx_live_…', async () => {
    const { key } = await newOpaqueKey(server, org.id);
    expect(key).toMatch(/^ocx_live_/);
    await server.as(key).get('/contacts').expect(200);
    const { text, headers } = await server.as('ocx_live_abc123...').get('/contacts').expect(401);
    expect(text).toBe(UNAUTHORIZED);
    expect(headers['www-authenticate']).toBe('Bearer realm="gatehouse", error="invalid_token"');
  });

  it.each(['/contacts?api_key=', '/contacts?access_token='])('ignores a key in the query string: %s', async (path) => {
    expect((await server.http.get(path + (await fullKey())).expect(401)).text).toBe(UNAUTHORIZED);
  });
});

describe('an API key', () => {
  it('is shown once: no list and no row contains it', async () => {
    const { api_key: key } = (await createKey({ name: 'Production' }).expect(201)).body as { api_key: string };
    const path = `/partner/v1/orgs/${org.id}/api-keys`;
    const { text } = await server.as(org.partner.key).get(path).expect(200);
    expect(text).toContain('Production');
    expect(text).not.toContain(key);
    expect((await server.as(key).get('/whoami').expect(200)).text).not.toContain(key);
    const { rows } = await server.database.pool.query(
      `select api_keys::text || key_credentials::text as text from api_keys, key_credentials
       union all select audit_entries::text from audit_entries`,
    );
    expect(rows.length).toBeGreaterThan(2);
    expect(rows.filter(({ text: row }) => row.includes(key))).toEqual([]);
  });

  it('with full access passes every scope check', async () => {
    const key = await fullKey();
    for (const path of ['/contacts', '/tags', '/teams', '/office-hours', '/org'])
      await server.as(key).get(path).expect(200);
    await server.as(key).put('/tags').send({ tag_name: 'vip' }).expect(200);
    await server.as(key).delete('/tags/vip').expect(204);
    expect((await server.as(key).get('/whoami').expect(200)).body).toMatchObject({ access: 'full', scopes: [] });
  });

  it('has full access if its row has no list of scopes', async () => {
    const { key } = await newOpaqueKey(server, org.id, { scopes: null, created_at: new Date('2020-01-01') });
    await server.as(key).get('/tags').expect(200);
    await server
      .as(key)
      .post('/contacts')
      .send({ contact: { email: 'old@acmetours.example' } })
      .expect(201);
  });
});

describe('scopes', () => {
  it('a read scope allows GET requests and nothing else', async () => {
    const reader = server.as(await keyWith('contacts:read'));
    await reader.get('/contacts').expect(200);
    const { body } = await reader.post('/contacts').send({ contact: {} }).expect(403);
    expect(body).toEqual(missing('contacts:write'));
    await reader.get('/tags').expect(403);
  });

  it('a write scope allows creates, updates and deletes, and no reads', async () => {
    const writer = server.as(await keyWith('contacts:write'));
    const { id } = (
      await writer
        .post('/contacts')
        .send({ contact: { email: 'joan@acmetours.example' } })
        .expect(201)
    ).body;
    await writer
      .patch(`/contacts/${id}`)
      .send({ contact: { name: 'Joan' } })
      .expect(200);
    expect((await writer.get(`/contacts/${id}`).expect(403)).body).toEqual(missing('contacts:read'));
    await writer.delete(`/contacts/${id}`).expect(204);
  });

  it('the catalogue has the 26 contracted resources with their labels and actions', () => {
    const resources = new Set(AVAILABLE_SCOPES.map(([, resource]) => resource));
    const listed = SCOPE_CATALOGUE.filter(({ audience, resource }) => audience === 'org' && resources.has(resource));
    const asRows = listed.map(({ label, resource, actions }) => [label, resource, actions.join(' ')]);
    expect(asRows.sort()).toEqual([...AVAILABLE_SCOPES].sort());
  });

  it('a key can be granted every scope', async () => {
    const all = AVAILABLE_SCOPES.flatMap(([, resource, actions]) =>
      actions.split(' ').map((each) => `${resource}:${each}`),
    );
    expect(all).toHaveLength(50);
    const { body } = await server
      .as(await keyWith(...all))
      .get('/whoami')
      .expect(200);
    expect(body.access).toBe('scoped');
    expect([...body.scopes].sort()).toEqual([...all].sort());
  });

  it.each([
    ['analytics has no write action', ['handoff-analytics:write']],
    ['analytics has no write action', ['sla-analytics:write']],
    ['media has no read action', ['media:read']],
    ['only workflows have a trigger action', ['tags:trigger']],
    ['a scope has an action', ['tags']],
    ['a scope is no wildcard', ['*', 'tags:*', '*:read']],
    ['a scope is lower case', ['Tags:read', 'tags:READ']],
    ['an empty list is not full access', []],
    ['a scope is listed once', ['tags:read', 'tags:read']],
    ['a scope of agent keys is no scope of org keys', ['contacts:create']],
  ])('%s: %j is refused with a 400 that names it', async (_statement, scopes) => {
    const { body } = await createKey({ scopes }).expect(400);
    expect(Object.keys(body)).toEqual(['statusCode', 'message']);
    for (const scope of scopes) expect(body.message).toContain(scope);
  });
});

describe('error responses', () => {
  it('401 and 403 have the contracted bodies, byte for byte', async () => {
    expect((await server.as('invalid').get('/tags').expect(401)).text).toBe(UNAUTHORIZED);
    expect((await server.http.get('/tags').expect(401)).text).toBe(UNAUTHORIZED);
    const { text, headers } = await server
      .as(await keyWith('contacts:read'))
      .get('/tags')
      .expect(403);
    expect(text).toBe('{"statusCode":403,"message":"This API key does not have the required scope: \\"tags:read\\"."}');
    expect(headers['www-authenticate']).toBe('Bearer realm="gatehouse", error="insufficient_scope", scope="tags:read"');
  });
});

describe('key rotation', () => {
  it('revoking one key leaves the other keys of the org working', async () => {
    const [old, fresh] = [await server.newOrgKey(org), await server.newOrgKey(org)];
    for (const { key } of [old, fresh]) await server.as(key).get('/contacts').expect(200);
    await server.as(org.partner.key).delete(`/partner/v1/orgs/${org.id}/api-keys/${old.id}`).expect(204);
    expect((await server.as(old.key).get('/contacts').expect(401)).text).toBe(UNAUTHORIZED);
    await server.as(fresh.key).get('/contacts').expect(200);
  });
});
