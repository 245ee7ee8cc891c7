import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../src/configure-app.js';
import { loadConfig } from '../../src/core/config/config.js';
import { type ServedRoute, startServer } from '../contract/support/served-routes.js';
import { gatehouse } from '../support/gatehouse.js';
import { type TestOrg, TestServer } from '../support/start-app.js';
import { UNKNOWN_ID } from '../support/unknown-id.js';

/** Routes without a scope that belong to a resource, as paths start. */
const PAGES_OF: Readonly<Record<string, readonly string[]>> = {
  '/surveys/': ['csat'],
  '/media/': ['media', 'chat-sessions', 'help-center'],
  '/public/help-centers/': ['help-center'],
  '/help/': ['help-center'],
  '/articles': ['help-center'],
  '/unsubscribe/': ['email', 'sequences', 'workflows'],
  '/partner/v1/orgs/{orgId}/whatsapp-numbers': ['whatsapp'],
};

/** Parameters have other names in the table. */
const pattern = (path: string) => path.replace(/\{[^}]*\}|:[^/]+/g, '{}');

/** The rows of the table of routes that a server with these resources has. */
function routesWith(...resources: readonly string[]): string[] {
  const rows = readFileSync('test/contract/routes.tsv', 'utf8').trimEnd().split('\n').slice(1);
  return rows
    .map((row) => row.split('\t') as [string, string, string, string])
    .filter(([, path, , scope]) => {
      const pages = Object.entries(PAGES_OF).find(([start]) => path.startsWith(start));
      const owners = scope === '-' ? pages?.[1] : scope.split(':', 1);
      return owners === undefined || owners.some((owner) => resources.includes(owner));
    })
    .map(([method, path]) => `${method} ${pattern(path)}`)
    .toSorted();
}

describe.each([
  ['none', [], false],
  ['contacts,tags', ['contacts', 'tags'], true],
  ['agents, csat', ['agents', 'csat'], true],
])('BUILT_IN_RESOURCES=%s', (setting, resources, hasAgents) => {
  let server: TestServer;
  let routes: ServedRoute[];
  let org: TestOrg;
  beforeAll(async () => {
    ({ server, routes } = await startServer({ BUILT_IN_RESOURCES: setting }));
    org = await server.newOrg();
  });
  afterAll(() => server.close());

  const member = async () => server.signedIn(await server.newSession(org));

  it('the server has the routes of these resources only', () => {
    const served = routes
      .filter(({ method, path }) => method !== 'OPTIONS' && !/^\/(dashboard(\/|$)|docs\/)/.test(path))
      .map(({ method, path }) => `${method === 'ALL' ? 'ANY' : method} ${pattern(path)}`);
    expect(served.toSorted()).toEqual(routesWith(...resources));
  });

  it('the document has their routes, tags and scopes only', async () => {
    const { body: document } = await server.http.get('/openapi.json').expect(200);
    const paths = Object.entries(document.paths as Record<string, Record<string, { readonly tags: string[] }>>);
    const operations = paths.flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { tags }]) => ({
        name: `${method.toUpperCase()} ${pattern(path)}`,
        tag: tags[0]!,
      })),
    );
    // OpenAPI has no word for any method.
    const expected = routesWith(...resources).filter((route) => !route.startsWith('ANY '));
    expect(operations.map(({ name }) => name).toSorted()).toEqual(expected);
    const named = (document.tags as { readonly name: string }[]).map(({ name }) => name);
    expect(named.toSorted()).toEqual([...new Set(operations.map(({ tag }) => tag))].toSorted());
    const scopes = [...JSON.stringify(document).matchAll(/"([a-z_-]+):(?:read|write|trigger|create|update|delete)"/g)];
    expect([...new Set(scopes.map(([, resource]) => resource!))].toSorted()).toEqual(resources.toSorted());
  });

  it('the catalogue has their entries only', async () => {
    const { body } = await (await member()).get('/manage/v1/scopes').expect(200);
    const listed = (body.items as { readonly resource: string }[]).map(({ resource }) => resource);
    expect([...new Set(listed)].toSorted()).toEqual(resources.toSorted());
  });

  it('the session says whether agents are of use', async () => {
    expect((await (await member()).get('/session').expect(200)).body).toMatchObject({ has_agents: hasAgents });
  });
});

describe('what is off', () => {
  const server = TestServer.forSuite({ BUILT_IN_RESOURCES: 'contacts' });
  const settings = () => ({ DATABASE_URL: server.databaseUrl, ENCRYPTION_KEY: Buffer.alloc(32).toString('base64') });

  it('is 404 for every method, as if it had never been there', async () => {
    const client = await server.newClient(await server.newOrg());
    for (const method of ['get', 'put', 'post', 'delete'] as const) await client[method]('/tags').expect(404);
    await server.http.get(`/help/${UNKNOWN_ID}`).expect(404);
    await server.http.get('/articles').set('Host', 'help.acme.example').expect(404);
    const { headers } = await client.put('/contacts').expect(405);
    expect(headers['allow']).toBe('GET, HEAD, POST');
  });

  it('has scopes that no key can be given, by a partner or a member', async () => {
    const org = await server.newOrg();
    const partner = server.as(org.partner.key);
    const member = server.signedIn(await server.newSession(org));
    const unknown = 'Unknown scope "tags:read" for an org key.';
    const made = await partner.post(`/partner/v1/orgs/${org.id}/api-keys`).send({ scopes: ['tags:read'] });
    expect(made).toMatchObject({ status: 400, body: { message: unknown } });
    const named = await member.post('/manage/v1/api-keys').send({ name: 'A', scopes: ['contacts:read', 'tags:read'] });
    expect(named).toMatchObject({ status: 400, body: { errors: [{ field: 'scopes', message: unknown }] } });
    const { body } = await member.post('/manage/v1/api-keys').send({ name: 'A', scopes: ['contacts:read'] });
    const changed = await member.patch(`/manage/v1/api-keys/${body.id}`).send({ scopes: ['tags:read'] });
    expect(changed).toMatchObject({ status: 400, body: { message: unknown } });
  });

  it('stays in keys that held its scopes, which the doctor counts', async () => {
    const org = await server.newOrg();
    const keys = await Promise.all(
      ['A', 'B', 'C'].map((name) => server.newOrgKey(org, { name, scopes: ['contacts:read'] })),
    );
    const on = { ...settings(), BUILT_IN_RESOURCES: 'contacts' };
    const scopesLine = async () =>
      (await gatehouse(on, 'doctor')).stdout.split('\n').find((line) => / scopes: /.test(line));
    expect(await scopesLine()).toContain('no active key holds scopes of resources that are off');
    await server.owner.query(
      `UPDATE api_keys SET scopes = '{contacts:read,tags:read,tags:write,calls:read}' WHERE id = ANY ($1)`,
      [keys.slice(1).map(({ id }) => id)],
    );
    await server.owner.query('UPDATE api_keys SET revoked_at = now() WHERE id = $1', [keys[2]!.id]);
    expect(await scopesLine()).toContain('active keys that hold scopes of resources that are off: 1 (calls, tags)');
    expect((await server.as(keys[1]!.key).get('/whoami').expect(200)).body.scopes).toContain('tags:read');
    await server.as(keys[1]!.key).get('/contacts').expect(200);
    await server.as(keys[1]!.key).get('/tags').expect(404);
  });

  it('is named wrongly: the start stops, and the doctor reports it, both with the list of names', async () => {
    const wrong = { ...settings(), BUILT_IN_RESOURCES: 'contacts,contatcs' };
    await expect(createApp(loadConfig(wrong))).rejects.toThrow(
      'BUILT_IN_RESOURCES: there is no resource contatcs; the resources are actions, agents, ',
    );
    expect((await gatehouse(wrong, 'doctor')).stdout).toMatch(
      /PROBLEM +built-in resources: BUILT_IN_RESOURCES: unknown: contatcs; there are actions, agents, /,
    );
  });
});
