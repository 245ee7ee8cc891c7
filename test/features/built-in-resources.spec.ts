import { readFileSync } from 'node:fs';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../src/configure-app.js';
import { loadConfig } from '../../src/core/config/config.js';
import { type ServedRoute, startServer } from '../contract/support/served-routes.js';
import { Conversations } from '../support/conversations.js';
import { gatehouse } from '../support/gatehouse.js';
import { PUBLIC_URL, type TestOrg, TestServer } from '../support/start-app.js';
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
    // OpenAPI has no word for any method, and GitHub defines what it sends.
    const expected = routesWith(...resources).filter((route) => !/^ANY |^POST \/leaks\/github$/.test(route));
    expect(operations.map(({ name }) => name).toSorted()).toEqual(expected);
    const named = (document.tags as { readonly name: string }[]).map(({ name }) => name);
    expect(named.toSorted()).toEqual([...new Set(operations.map(({ tag }) => tag))].toSorted());
    // Examples are the same for every installation.
    const text = JSON.stringify(document, (name, value: unknown) => (/^examples?$/.test(name) ? undefined : value));
    const scopes = [...text.matchAll(/"([a-z_-]+):(?:read|write|trigger|create|update|delete)"/g)];
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
  const ENCRYPTION_KEY = Buffer.alloc(32, 'k').toString('base64');
  const server = TestServer.forSuite({ BUILT_IN_RESOURCES: 'contacts,chat-sessions', ENCRYPTION_KEY });
  const settings = () => ({ DATABASE_URL: server.databaseUrl, ENCRYPTION_KEY });
  /** A process on the same database that has every resource. */
  let whole: NestFastifyApplication;
  beforeAll(async () => {
    whole = await createApp(loadConfig({ ...settings(), PUBLIC_URL, LOG_LEVEL: 'silent' }));
    await whole.listen(0, '127.0.0.1');
  });
  afterAll(() => whole.close());

  const onWhole = (key: string) => supertest.agent(whole.getHttpServer()).set('Authorization', `Bearer ${key}`);

  it('is 404 for every method, as if it had never been there', async () => {
    const client = await server.newClient(await server.newOrg());
    for (const method of ['get', 'put', 'post', 'delete'] as const) await client[method]('/tags').expect(404);
    await server.http.get(`/help/${UNKNOWN_ID}`).expect(404);
    await server.http.get('/articles').set('Host', 'help.acme.example').expect(404);
    const { headers } = await client.put('/contacts').expect(405);
    expect(headers['allow']).toBe('GET, HEAD, POST');
  });

  it('is there with its data once it is switched on', async () => {
    const { key } = await server.newOrgKey(await server.newOrg());
    const tag = { tag_name: 'vip' };
    await onWhole(key).put('/tags').send(tag).expect(200);
    await server.as(key).get('/tags').expect(404);
    expect((await onWhole(key).get('/tags').expect(200)).body.items).toMatchObject([tag]);
  });

  it('has no pages that its hosts lead to', async () => {
    const { key } = await server.newOrgKey(await server.newOrg());
    const center = { name: 'Acme Help', primary_language: 'en', custom_domain: 'help.acme.example' };
    await onWhole(key).put('/help-center').send(center).expect(201);
    await onWhole(key).get('/').set('Host', center.custom_domain).expect(303);
    await server.http.get('/').set('Host', center.custom_domain).expect(200);
  });

  it('has no pages that the links of surveys lead to, and no survey is sent', async () => {
    const here = await Conversations.of(server);
    const { key } = await server.newOrgKey(here.org);
    const surveys = { auto_send: true, delay_minutes: 0, channels: { web: true } };
    await onWhole(key).put('/csat/settings').send(surveys).expect(200);
    const id = await here.start({ channel: { type: 'web' } });
    await here.setStatus(id, 'closed_resolved');
    const jobs = await server.owner.query(`SELECT FROM pgboss.job WHERE name = 'csat-survey'`);
    expect(jobs.rowCount).toBe(0);
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
    const on = { ...settings(), BUILT_IN_RESOURCES: 'contacts,chat-sessions' };
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
