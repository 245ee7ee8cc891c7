import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Answer, type Ask, HttpClient } from '../support/http-client.js';
import { newService, type TestService } from '../support/services.js';
import { changeBySql } from '../support/sql-change.js';
import { type TestOrg, TestServer } from '../support/start-app.js';
import { newAgent, newKeyPair, newOpaqueKey } from '../support/stored-keys.js';
import { FRAMEWORKS, type GuardedApp, SCOPED_PATH } from './support/guarded-apps.js';

const server = TestServer.forSuite();
let org: TestOrg;
let service: TestService;
const client = new HttpClient();
beforeAll(async () => {
  org = await server.newOrg();
  await changeBySql(server, `update orgs set external_id = 'customer-12345' where id = $1`, [org.id]);
  service = await newService(server, {
    routes: [
      { methods: ['GET'], path: '/invoices', needs: '{resource}:read' },
      { methods: ['POST'], path: '/invoices', needs: '{resource}:write' },
      { methods: ['GET'], path: '/me', needs: 'any-key' },
      { methods: ['GET'], path: '/status', needs: 'public', reason: 'health page' },
    ],
  });
});
afterAll(() => client.close());

type KeySettings = NonNullable<Parameters<typeof newOpaqueKey>[2]>;

/** A key that may read the invoices of the service and the tags of the org. */
async function newReader(settings: KeySettings = {}): Promise<{ id: string; key: string }> {
  return newOpaqueKey(server, org.id, { scopes: [service.scope('read'), 'tags:read'], ...settings });
}

const bearer = (key: string) => ({ Authorization: `Bearer ${key}` });

/** A refused request, and one to a route of Gatehouse that is refused for the same reason. */
interface Refusal {
  readonly reason: string;
  readonly ask: () => Promise<Ask>;
  readonly status: number;
  /** Default: the same request to `/tags`. */
  readonly native?: () => Promise<Ask>;
}

const invoices = (headers: Readonly<Record<string, string>>): Ask => ({ path: '/invoices', headers });

const REFUSALS: readonly Refusal[] = [
  { reason: 'no credential', status: 401, ask: async () => invoices({}) },
  { reason: 'an unknown key', status: 401, ask: async () => invoices(bearer(`ocx_live_${'x'.repeat(43)}`)) },
  { reason: 'a malformed credential', status: 401, ask: async () => invoices({ Authorization: 'Basic eDp5' }) },
  { reason: 'an empty origin', status: 401, ask: async () => invoices({ Origin: '' }) },
  { reason: 'a credential of 9000 characters', status: 401, ask: async () => invoices(bearer('x'.repeat(9000))) },
  {
    reason: 'a revoked key',
    status: 401,
    ask: async () => invoices(bearer((await newReader({ revoked_at: new Date() })).key)),
  },
  {
    reason: 'an address that the key does not allow',
    status: 403,
    ask: async () => invoices(bearer((await newReader({ allowed_ips: ['198.51.100.0/24'] })).key)),
  },
  {
    reason: 'an origin that the key does not allow',
    status: 403,
    ask: async () => {
      const { key } = await newReader({ allowed_origins: ['app.example'] });
      return invoices({ ...bearer(key), Origin: 'https://evil.example', Referer: 'https://app.example/' });
    },
  },
  {
    reason: 'a referer that the key does not allow',
    status: 403,
    ask: async () => {
      const { key } = await newReader({ allowed_origins: ['app.example'] });
      return invoices({ ...bearer(key), Referer: 'https://evil.example/page' });
    },
  },
  {
    reason: 'an inactive partner',
    status: 401,
    ask: async () => {
      const other = await server.newOrg();
      const { key } = await newOpaqueKey(server, other.id, { scopes: [service.scope('read'), 'tags:read'] });
      await changeBySql(server, 'update partners set is_active = false where id = $1', [other.partner.id]);
      return invoices(bearer(key));
    },
  },
  { reason: 'a spent limit', status: 429, ask: () => spent(), native: () => spent() },
];

async function spent(): Promise<Ask> {
  const { key } = await newReader({ rate_per_minute: 1 });
  await server.as(key).get('/tags').expect(200);
  return invoices(bearer(key));
}

/** What a client reads of a refusal. The seconds of limits depend on the time of the request. */
function seen({ status, headers, body }: Answer) {
  const names = ['content-type', 'www-authenticate', 'ratelimit-policy'];
  const rest = Object.fromEntries(names.map((name) => [name, headers[name]]));
  return { status, body, ...rest, hasRetryAfter: headers['retry-after'] !== undefined };
}

describe.each(FRAMEWORKS)('%s', (_name, start) => {
  let app: GuardedApp;
  let failures: unknown[];
  beforeAll(async () => {
    app = await start({
      url: server.url,
      serviceKey: service.key,
      scope: service.scope('read'),
      // Only bounds a hang.
      timeoutMs: 60_000,
      onFailure: (error) => failures.push(error),
    });
  });
  afterAll(() => app.close());
  beforeEach(() => {
    failures = [];
    app.reached.length = 0;
  });

  it.each(REFUSALS)('refuses $reason as a route of Gatehouse does', async ({ ask, status, native = ask }) => {
    const refused = await client.ask(app.url, await ask());
    const same = await client.ask(server.url, { ...(await native()), path: '/tags' });
    expect(refused.status).toBe(status);
    expect(seen(refused)).toEqual(seen(same));
    expect(app.reached).toEqual([]);
    expect(failures).toEqual([]);
  });

  it('refuses a key without the scope of the route, and names the scope', async () => {
    const { key } = await newReader();
    const { status, headers, body } = await client.ask(app.url, { ...invoices(bearer(key)), method: 'POST' });
    const scope = service.scope('write');
    const message = `This API key does not have the required scope: "${scope}".`;
    expect({ status, body: JSON.parse(body) as unknown }).toEqual({ status: 403, body: { statusCode: 403, message } });
    expect(headers['www-authenticate']).toBe(`Bearer realm="gatehouse", error="insufficient_scope", scope="${scope}"`);
    expect(headers['ratelimit']).toMatch(/r=\d+/);
    expect(app.reached).toEqual([]);
  });

  it('refuses a request that no declared route matches', async () => {
    const { key } = await newReader();
    const { status, body } = await client.ask(app.url, { path: '/undeclared', headers: bearer(key) });
    const message = `No route of service "${service.slug}" matches GET /undeclared.`;
    expect({ status, body: JSON.parse(body) as unknown }).toEqual({
      status: 403,
      body: { statusCode: 403, message, code: 'no_route' },
    });
    expect(app.reached).toEqual([]);
  });

  it('refuses a path that two parsers may read differently', async () => {
    const { key } = await newReader();
    const { status, body } = await client.ask(app.url, { path: '/status%2F..%2Finvoices', headers: bearer(key) });
    expect({ status, body: JSON.parse(body) as unknown }).toMatchObject({
      status: 400,
      body: { statusCode: 400, code: 'ambiguous_path' },
    });
    expect(app.reached).toEqual([]);
  });

  it('lets a scoped key through, with its principal and its limits', async () => {
    const { id, key } = await newReader();
    const { status, headers, body } = await client.ask(app.url, { path: '/invoices?page=2', headers: bearer(key) });
    expect({ status, body: JSON.parse(body) as unknown }).toEqual({
      status: 200,
      body: {
        key: { id, name: 'Stored by a test', kind: 'bearer', external_id: null, metadata: {}, tags: [] },
        org: { id: org.id, external_id: 'customer-12345' },
        partner: { id: org.partner.id, name: 'Demo Partner' },
        scopes: [service.scope('read')],
        rate_limit: expect.arrayContaining([
          expect.objectContaining({ limit: expect.any(Number) as number }),
        ]) as unknown,
        request_id: expect.any(String) as string,
      },
    });
    expect(headers['ratelimit']).toMatch(/r=\d+/);
    expect(headers['ratelimit-policy']).toMatch(/q=\d+/);
  });

  it('lets a key with a secret through', async () => {
    const agent_id = await newAgent(server, org.id);
    const { id, key, secret } = await newKeyPair(server, org.id, { agent_id, scopes: [service.scope('read')] });
    const { status, body } = await client.ask(app.url, invoices({ 'X-API-Key': key, 'X-API-Secret': secret }));
    expect({ status, body: JSON.parse(body) as unknown }).toMatchObject({
      status: 200,
      body: { key: { id, kind: 'key_secret' } },
    });
  });

  it('lets any key through where the route needs no scope', async () => {
    const { key } = await newReader({ scopes: [] });
    expect(await client.ask(app.url, { path: '/me', headers: bearer(key) })).toMatchObject({ status: 200 });
    expect(await client.ask(app.url, { path: '/me' })).toMatchObject({ status: 401 });
  });

  it('lets everybody through on a public route, without a principal', async () => {
    const { status, body } = await client.ask(app.url, { path: '/status', headers: bearer('unknown') });
    expect({ status, body: JSON.parse(body) as unknown }).toMatchObject({
      status: 200,
      body: { key: null, org: null, partner: null, scopes: [] },
    });
  });

  it('lets a key through on an undeclared route that names its scope, and refuses others', async () => {
    const { key } = await newReader();
    expect(await client.ask(app.url, { path: SCOPED_PATH, headers: bearer(key) })).toMatchObject({ status: 200 });
    expect(app.reached).toEqual([SCOPED_PATH]);

    const { key: other } = await newReader({ scopes: [service.scope('write')] });
    const { status, body } = await client.ask(app.url, { path: SCOPED_PATH, headers: bearer(other) });
    const message = `This API key does not have the required scope: "${service.scope('read')}".`;
    expect({ status, body: JSON.parse(body) as unknown }).toEqual({ status: 403, body: { statusCode: 403, message } });
    expect(app.reached).toEqual([SCOPED_PATH]);
  });

  it('refuses a key from the first request after its revocation', async () => {
    const { id, key } = await server.newOrgKey(org);
    expect(await client.ask(app.url, invoices(bearer(key)))).toMatchObject({ status: 200 });
    await server.as(org.partner.key).delete(`/partner/v1/orgs/${org.id}/api-keys/${id}`).expect(204);
    expect(await client.ask(app.url, invoices(bearer(key)))).toMatchObject({ status: 401 });
  });

  it('refuses everybody with 503 once the service key is revoked', async () => {
    const own = await newService(server, { routes: [{ methods: ['GET'], path: '/invoices', needs: 'any-key' }] });
    const other = await start({ url: server.url, serviceKey: own.key, scope: own.scope('read') });
    const { key } = await newReader();
    expect(await client.ask(other.url, invoices(bearer(key)))).toMatchObject({ status: 200 });
    await changeBySql(server, 'update api_keys set revoked_at = now() where service_id = $1', [own.id]);
    const { status, body } = await client.ask(other.url, invoices(bearer(key)));
    expect({ status, body: JSON.parse(body) as unknown }).toMatchObject({
      status: 503,
      body: { code: 'verification_unavailable' },
    });
    await other.close();
  });
});
