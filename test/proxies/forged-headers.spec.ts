import { beforeAll, describe, expect, it } from 'vitest';
import { CredentialMaker, type Headers } from '../contract/support/credentials.js';
import { PROXIES } from '../support/proxy.js';
import { newOpaqueKey } from '../support/stored-keys.js';
import { Gateway } from './support/gateway.js';
import { newKey } from './support/keys.js';

const IDENTITY = [
  'Org',
  'Org-External-Id',
  'Partner',
  'Key-Id',
  'Key-Name',
  'Kind',
  'Scopes',
  'Request-Id',
  'Assertion',
];
const FORWARDING = [
  ...['For', 'Host', 'Method', 'Port', 'Prefix', 'Proto', 'Server', 'Ssl', 'Uri'].map((name) => `X-Forwarded-${name}`),
  ...['Forwarded-For', 'Host', 'Method', 'URI', 'URL'].map((name) => `X-Original-${name}`),
  ...['Forwarded', 'X-Real-IP', 'X-Rewrite-URL'],
  ...['X-HTTP-Method', 'X-HTTP-Method-Override', 'X-Method-Override'],
];
const FORGED = 'forged';

/** Every header that a client could make up, also as CGI and WSGI would read it. */
const MADE_UP: Headers = Object.fromEntries(
  [...[...IDENTITY, 'Status', 'Body'].map((name) => `X-Gatehouse-${name}`), ...FORWARDING].flatMap((name) => [
    [name, FORGED],
    [name.replaceAll('-', '_'), FORGED],
    [name.replace('-', '_'), FORGED],
  ]),
);

describe.each(PROXIES)('through %s', (name) => {
  const gateway = Gateway.forSuite(name);
  let maker: CredentialMaker;
  let key: Headers;
  beforeAll(async () => {
    maker = await CredentialMaker.prepare(gateway.server);
    key = await newKey(gateway.server, maker, 'org key', ['invoices:read']);
  });

  /** What the service got, without what differs between two requests. */
  async function received(headers: Headers, path = '/invoices/7'): Promise<Record<string, unknown>> {
    gateway.service.seen.length = 0;
    const { status } = await gateway.ask({ path, headers });
    const [seen] = gateway.service.seen;
    const { 'x-gatehouse-request-id': _id, 'x-gatehouse-assertion': _assertion, ...compared } = seen?.headers ?? {};
    return { status, method: seen?.method, path: seen?.path, ...compared };
  }

  it('made-up identity and forwarding headers change nothing at the service', async () => {
    const honest = await received(key);
    expect(honest).toMatchObject({ status: 200, 'x-gatehouse-org': maker.org.id, 'x-forwarded-for': '127.0.0.1' });
    expect(await received({ ...key, ...MADE_UP })).toEqual(honest);
    expect(JSON.stringify(gateway.service.seen)).not.toContain(FORGED);
  });

  it('on a public route they do not arrive either', async () => {
    const honest = await received({}, '/status');
    expect(honest['status']).toBe(200);
    expect(await received(MADE_UP, '/status')).toEqual(honest);
    expect(JSON.stringify(gateway.service.seen)).not.toContain(FORGED);
  });

  it.each<Headers>([
    { 'X-Forwarded-Method': 'GET', 'X-Forwarded-Uri': '/status' },
    { 'X-Original-Method': 'GET', 'X-Original-URI': '/status' },
  ])('a made-up method and path does not open another route', async (made) => {
    const { status } = await gateway.ask({ method: 'POST', path: '/invoices', headers: { ...key, ...made } });
    expect(status).toBe(403);
    expect(gateway.service.seen).toEqual([]);
  });

  it('a made-up address does not pass the allowed addresses of a key', async () => {
    const allowed_ips = ['203.0.113.7'];
    const stored = await newOpaqueKey(gateway.server, maker.org.id, { scopes: ['invoices:read'], allowed_ips });
    const addresses = [
      'X-Forwarded-For',
      'X-Real-IP',
      'X-Original-Forwarded-For',
      'CF-Connecting-IP',
      'True-Client-IP',
    ];
    for (const header of addresses) {
      const headers = { Authorization: `Bearer ${stored.key}`, [header]: '203.0.113.7' };
      expect([header, (await gateway.ask({ path: '/invoices/7', headers })).status]).toEqual([header, 403]);
    }
    expect(gateway.service.seen).toEqual([]);
  });

  it('credentials do not reach the service', async () => {
    const kinds = [key, await newKey(gateway.server, maker, 'key + secret', ['invoices:read'])];
    for (const headers of kinds) await gateway.ask({ path: '/invoices/7', headers });
    const text = JSON.stringify(gateway.service.seen);
    expect(gateway.service.seen).toHaveLength(2);
    for (const secret of kinds.flatMap((headers) => Object.values(headers))) expect(text).not.toContain(secret);
  });
});
