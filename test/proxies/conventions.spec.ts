import { beforeAll, describe, expect, it } from 'vitest';
import { CredentialMaker, type Headers } from '../contract/support/credentials.js';
import { HttpClient } from '../support/http-client.js';
import { TestServer } from '../support/start-app.js';
import { declareBilling } from './support/billing.js';
import { comparable } from './support/comparable.js';
import { envoy, envoyGateway, traefik } from './support/emulated-proxies.js';
import { KINDS, newKey } from './support/keys.js';
import { rawStatus } from './support/raw-request.js';

const REQUEST_ID = { 'X-Request-Id': 'conventions_1' };
const MADE_UP = { 'X-Forwarded-Method': 'GET', 'X-Forwarded-Uri': '/status', 'X-Original-URI': '/status' };

const server = TestServer.forSuite();
const client = new HttpClient();
let maker: CredentialMaker;
beforeAll(async () => {
  await declareBilling(server.owner);
  maker = await CredentialMaker.prepare(server);
});

describe.each([
  ['Traefik', traefik()],
  ['Envoy', envoy()],
  ['Envoy Gateway', envoyGateway()],
])('asked as %s asks', (_name, proxy) => {
  const ask = (method: string, target: string, headers: Headers) =>
    client.ask(server.url, proxy.question({ method, target, headers: { ...REQUEST_ID, ...headers } }));

  it('each kind of key is let in, and the file passes on every identity header of the answer', async () => {
    for (const kind of KINDS) {
      const { status, headers, body } = await ask(
        'GET',
        '/invoices/7?a=b',
        await newKey(server, maker, kind, ['invoices:read']),
      );
      expect([kind, status, body]).toEqual([kind, 200, '']);
      const identity = Object.keys(headers).filter((header) => header.startsWith('x-gatehouse-'));
      expect(identity.length).toBeGreaterThan(8);
      expect(identity.filter((header) => !proxy.copiesToService(header))).toEqual([]);
    }
  });

  it('a refusal is that of a native route', async () => {
    const elsewhere = await maker.fromElsewhere('org JWT');
    for (const headers of [{}, elsewhere, ...Object.values(await maker.unknown('key + secret'))]) {
      const seen = await ask('GET', '/invoices/7', headers);
      const native = await client.ask(server.url, { path: '/whoami', headers: { ...REQUEST_ID, ...headers } });
      expect(comparable(seen)).toEqual(comparable(native));
      expect(seen.status).toBeGreaterThanOrEqual(401);
    }
  });

  it('made-up headers of the client change neither the decision nor who is named', async () => {
    const key = await newKey(server, maker, 'org key', ['invoices:read']);
    expect((await ask('POST', '/invoices', { ...key, ...MADE_UP })).status).toBe(403);
    expect((await ask('GET', '/invoices/7', { ...key, ...MADE_UP })).status).toBe(200);
  });

  it('the file removes what only proxies may say, and credentials, before the service', () => {
    const forwarding = ['x-forwarded-method', 'x-forwarded-uri', 'x-forwarded-prefix', 'x-original-uri', 'forwarded'];
    const identity = ['x-gatehouse-org', 'x-gatehouse-unknown'];
    const credentials = ['authorization', 'x-api-key', 'x-api-secret'];
    const all = [...forwarding, ...identity, ...credentials];
    expect(all.filter((header) => !proxy.removes(header))).toEqual([]);
  });

  it('a path that two parsers may read differently is refused', async () => {
    const key = await newKey(server, maker, 'org key', ['invoices:read']);
    for (const target of ['/invoices/%2e%2e/status', '/invoices//7', '/invoices/%2F7', '/invoices/7;a']) {
      const { path, headers } = proxy.question({ method: 'GET', target, headers: key });
      expect([target, await rawStatus(server.url, path, headers!)]).toEqual([target, 403]);
    }
  });
});
