import { beforeAll, describe, expect, it } from 'vitest';
import { SCOPE_CATALOGUE } from '../../src/access/scopes/scope-catalogue.js';
import { TestServer, type TestOrg } from '../support/start-app.js';
import { newOpaqueKey } from '../support/stored-keys.js';

const UNAUTHORIZED = '{"statusCode":401,"message":"Unauthorized","error":"Unauthorized"}';

/** The table "Available scopes": each resource, what its scopes are called, its actions. */
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

describe('curl https://api.open.cx/contacts -H "Authorization: Bearer YOUR_API_KEY"', () => {
  it('answers the contacts of the key', async () => {
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

  it('"All API requests require a Bearer token in the Authorization header": without one, 401 to the letter', async () => {
    const { text, headers } = await server.http.get('/contacts').expect(401);
    expect(text).toBe(UNAUTHORIZED);
    expect(headers['www-authenticate']).toBe('Bearer realm="gatehouse"');
  });

  it('"Authorization: Bearer ocx_live_abc123...": keys of that form are taken', async () => {
    const { key } = await newOpaqueKey(server, org.id);
    expect(key).toMatch(/^ocx_live_/);
    await server.as(key).get('/contacts').expect(200);
    const { text, headers } = await server.as('ocx_live_abc123...').get('/contacts').expect(401);
    expect(text).toBe(UNAUTHORIZED);
    expect(headers['www-authenticate']).toBe('Bearer realm="gatehouse", error="invalid_token"');
  });

  it.each(['/contacts?api_key=', '/contacts?access_token='])('no key is taken from %s', async (path) => {
    expect((await server.http.get(path + (await fullKey())).expect(401)).text).toBe(UNAUTHORIZED);
  });
});

describe('"Generate an API key"', () => {
  it('"The full key is only shown once": no list, and no row, holds it', async () => {
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

  it('"Full access — the key can call every endpoint with no restrictions"', async () => {
    const key = await fullKey();
    for (const path of ['/contacts', '/tags', '/teams', '/office-hours', '/org'])
      await server.as(key).get(path).expect(200);
    await server.as(key).put('/tags').send({ tag_name: 'vip' }).expect(200);
    await server.as(key).delete('/tags/vip').expect(204);
    expect((await server.as(key).get('/whoami').expect(200)).body).toMatchObject({ access: 'full', scopes: [] });
  });

  it('"Existing keys created before scopes were introduced remain full-access"', async () => {
    const { key } = await newOpaqueKey(server, org.id, { scopes: null, created_at: new Date('2020-01-01') });
    await server.as(key).get('/tags').expect(200);
    await server
      .as(key)
      .post('/contacts')
      .send({ contact: { email: 'old@acmetours.example' } })
      .expect(201);
  });
});

describe('"Scopes"', () => {
  it('"a scoped key can only call the endpoints it was granted": read is GET and list, and nothing else', async () => {
    const reader = server.as(await keyWith('contacts:read'));
    await reader.get('/contacts').expect(200);
    const { body } = await reader.post('/contacts').send({ contact: {} }).expect(403);
    expect(body).toEqual(missing('contacts:write'));
    await reader.get('/tags').expect(403);
  });

  it('"write (create / update / delete)", which reads nothing', async () => {
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

  it('"Available scopes": the catalogue has every row of the table, by its name and with its actions', () => {
    const resources = new Set(AVAILABLE_SCOPES.map(([, resource]) => resource));
    const listed = SCOPE_CATALOGUE.filter(({ audience, resource }) => audience === 'org' && resources.has(resource));
    const asRows = listed.map(({ label, resource, actions }) => [label, resource, actions.join(' ')]);
    expect(asRows.sort()).toEqual([...AVAILABLE_SCOPES].sort());
  });

  it('a key can be given all of them', async () => {
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
    ['"Handoff analytics and SLA analytics only support read"', ['handoff-analytics:write']],
    ['"Handoff analytics and SLA analytics only support read"', ['sla-analytics:write']],
    ['"Media" has no read', ['media:read']],
    ['only workflows have a trigger', ['tags:trigger']],
    ['"Each scope follows the pattern resource:action"', ['tags']],
    ['there are no wildcards', ['*', 'tags:*', '*:read']],
    ['upper case is another text', ['Tags:read', 'tags:READ']],
    ['no scope at all is not full access', []],
    ['each once', ['tags:read', 'tags:read']],
    ["an agent's permission is no org scope", ['contacts:create']],
  ])('%s: 400 that names %j', async (_statement, scopes) => {
    const { body } = await createKey({ scopes }).expect(400);
    expect(Object.keys(body)).toEqual(['statusCode', 'message']);
    for (const scope of scopes) expect(body.message).toContain(scope);
  });
});

describe('"Error responses"', () => {
  it('"401 — invalid or missing key" and "403 — missing scope", byte for byte', async () => {
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

describe('"Best practices"', () => {
  it('"You can create multiple keys and revoke old ones": revoking one doesn\'t break the others', async () => {
    const [old, fresh] = [await server.newOrgKey(org), await server.newOrgKey(org)];
    for (const { key } of [old, fresh]) await server.as(key).get('/contacts').expect(200);
    await server.as(org.partner.key).delete(`/partner/v1/orgs/${org.id}/api-keys/${old.id}`).expect(204);
    expect((await server.as(old.key).get('/contacts').expect(401)).text).toBe(UNAUTHORIZED);
    await server.as(fresh.key).get('/contacts').expect(200);
  });
});
