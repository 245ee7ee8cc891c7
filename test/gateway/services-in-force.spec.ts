import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Lease } from '../../src/access/freshness/lease.js';
import type { ServiceDeclaration, ServiceRoute } from '../../src/gateway/declaration/service-declaration.js';
import { ServiceDirectory } from '../../src/gateway/services/service-directory.js';
import { Services } from '../../src/gateway/services/services.service.js';
import { OPERATOR } from '../../src/kit/audit/actor.js';
import { apply, declared } from '../support/declared-services.js';
import { FreezableProxy } from '../support/freezable-proxy.js';
import { HttpClient } from '../support/http-client.js';
import { type TestOrg, TestServer } from '../support/start-app.js';
import { newOpaqueKey } from '../support/stored-keys.js';
import { until } from '../support/until.js';
import { type SecondServer, startSecondServer } from './support/second-server.js';

const ENCRYPTION_KEY = randomBytes(32).toString('base64');
const ROUNDS = 20;

const server = TestServer.forSuite({ ENCRYPTION_KEY });
let org: TestOrg;
let proxy: FreezableProxy;
let second: SecondServer;
const client = new HttpClient();

beforeAll(async () => {
  org = await server.newOrg();
  proxy = await FreezableProxy.start(server.databaseUrl);
  second = await startSecondServer({
    DATABASE_URL: server.databaseUrl,
    DATABASE_DIRECT_URL: proxy.url,
    ENCRYPTION_KEY,
  });
});
afterAll(async () => {
  client.close();
  proxy.thaw();
  await second.close();
  await proxy.stop();
});

/** The statuses of both servers to `GET /invoices` with the key. */
async function statuses({ service }: ServiceDeclaration, key: string): Promise<number[]> {
  const path = `/v1/forward-auth/${service}`;
  const headers = {
    'X-Original-Method': 'GET',
    'X-Original-URI': '/invoices',
    'X-Forwarded-For': '198.51.100.7',
    Authorization: `Bearer ${key}`,
  };
  const answers = await Promise.all([server.url, second.url].map((url) => client.ask(url, { path, headers })));
  return answers.map(({ status }) => status);
}

/** The declaration with other routes. */
function withRoutes(declaration: ServiceDeclaration, ...routes: ServiceRoute[]): ServiceDeclaration {
  return { ...declaration, routes };
}

const scopeOf = ({ resources }: ServiceDeclaration, action: string) => `${resources[0]!.name}:${action}`;
const invoices = (needs: string): ServiceRoute => ({ methods: ['GET'], path: '/invoices', needs });

async function newReader(declaration: ServiceDeclaration): Promise<string> {
  return (await newOpaqueKey(server, org.id, { scopes: [scopeOf(declaration, 'read')] })).key;
}

describe('once the call that changes a service returns, every process', () => {
  it('asks for the new scope of a route', async () => {
    const declaration = declared();
    await apply(server, declaration);
    const key = await newReader(declaration);
    for (let round = 0; round < ROUNDS; round++) {
      await apply(server, withRoutes(declaration, invoices(scopeOf(declaration, 'read'))));
      expect(await statuses(declaration, key)).toEqual([200, 200]);
      await apply(server, withRoutes(declaration, invoices(scopeOf(declaration, 'write'))));
      expect(await statuses(declaration, key)).toEqual([403, 403]);
    }
  });

  it('knows a new route, and forgets a removed one', async () => {
    const declaration = declared({ routes: [] });
    await apply(server, declaration);
    const key = await newReader(declaration);
    for (let round = 0; round < ROUNDS; round++) {
      await apply(server, withRoutes(declaration, invoices('any-key')));
      expect(await statuses(declaration, key)).toEqual([200, 200]);
      await apply(server, declaration);
      expect(await statuses(declaration, key)).toEqual([403, 403]);
    }
  });

  it('knows a new service, and none that was removed', async () => {
    const declaration = declared();
    const key = await newReader(declaration);
    for (let round = 0; round < 5; round++) {
      expect(await statuses(declaration, key)).toEqual([404, 404]);
      await apply(server, declaration);
      expect(await statuses(declaration, key)).toEqual([200, 200]);
      await server.owner.query("update api_keys set scopes = '{}' where org_id = $1", [org.id]);
      await server.app.get(Services).remove(OPERATOR, declaration.service);
      await server.owner.query('update api_keys set scopes = $2 where org_id = $1', [
        org.id,
        [scopeOf(declaration, 'read')],
      ]);
    }
    expect(await statuses(declaration, key)).toEqual([404, 404]);
  });
});

describe('a process whose lease is not trusted', () => {
  beforeAll(async () => {
    proxy.freeze();
    const lease = second.app.get(Lease);
    await until('the lease has expired', () => !lease.trusted());
  });
  afterAll(async () => {
    proxy.thaw();
    const lease = second.app.get(Lease);
    await until('the lease is trusted again', () => lease.trusted());
  });

  it('decides by the rows as they are', async () => {
    const declaration = declared();
    await apply(server, declaration);
    const key = await newReader(declaration);
    expect(await statuses(declaration, key)).toEqual([200, 200]);
    await apply(server, withRoutes(declaration, invoices(scopeOf(declaration, 'write'))));
    expect(await statuses(declaration, key)).toEqual([403, 403]);
    await apply(server, declaration);
    expect(await statuses(declaration, key)).toEqual([200, 200]);
  });

  it('compiles a route table once, not for each request, until its rows change', async () => {
    const routes = Array.from({ length: 2_000 }, (_, at) => ({ ...invoices('any-key'), path: `/invoices/${at}/{id}` }));
    const declaration = declared();
    await apply(server, withRoutes(declaration, ...routes));
    const directory = second.app.get(ServiceDirectory);
    const read = async () => (await directory.find(declaration.service))!;
    const [first, again] = [await read(), await read()];
    // It did read the rows again.
    expect(again).not.toBe(first);
    expect(again.routes).toBe(first.routes);
    await apply(server, withRoutes(declaration, ...routes.slice(1)));
    const changed = await read();
    expect(changed.routes).not.toBe(first.routes);
    expect(changed.routes.match('GET', '/invoices/0/7')).toBeUndefined();
  });
});
