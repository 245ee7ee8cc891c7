import { beforeAll, describe, expect, it } from 'vitest';
import { CredentialMaker, type Headers } from '../contract/support/credentials.js';
import { PROXIES } from '../support/proxy.js';
import { Gateway } from './support/gateway.js';
import { newKey } from './support/keys.js';
import { rawStatus } from './support/raw-request.js';

/** Targets that two parsers may read differently. Each starts with a path that the key may read. */
const AMBIGUOUS = [
  '/invoices//7',
  '//invoices/7',
  '/invoices/./7',
  '/invoices/../status',
  '/invoices/..',
  '/invoices/%2e%2e/status',
  '/invoices/.%2E/status',
  '/invoices%2f7',
  '/invoices/%2F7',
  '/invoices/%5c7',
  '/invoices/\\7',
  '/invoices/7;v=1',
  '/invoices/%3Bv',
  '/invoices/%00',
  '/invoices/%0a',
  '/invoices/%7f',
  '/invoices/%C0%AF',
  '/invoices/%FF',
  '/invoices/%zz',
  '/invoices/%',
  '/invoices/7#fragment',
  '/invoices/\u00ff',
  '/invoices/\u0001',
  '*',
  'invoices/7',
];

/** What Caddy, which is written in Go, has escaped before it asks Gatehouse and calls the service. */
const ESCAPED_BY_CADDY = new Set(['/invoices/7#fragment']);

describe.each(PROXIES)('through %s', (name) => {
  const gateway = Gateway.forSuite(name);
  let key: Headers;
  beforeAll(async () => {
    const maker = await CredentialMaker.prepare(gateway.server);
    key = await newKey(gateway.server, maker, 'org key', ['invoices:read']);
  });

  it('a path that two parsers may read differently reaches nothing', async () => {
    const targets = AMBIGUOUS.filter((target) => name !== 'caddy' || !ESCAPED_BY_CADDY.has(target));
    const statuses: Record<string, number> = {};
    for (const target of targets) statuses[target] = await rawStatus(gateway.url, target, key);
    const letIn = Object.entries(statuses).filter(([, status]) => status !== 403 && status !== 400);
    expect(letIn).toEqual([]);
    expect(gateway.service.seen).toEqual([]);
  });

  it.each([
    '/invoices/7?page=%2F..%2F&a=//b',
    '/invoices/7?statuses=401,403',
    '/invoices/caf%C3%A9/a%20b',
    '/invoices/a%25b/a+b/~a/a,b:c@d$e',
    '/invoices/7/',
  ])('the service gets %s as it was sent', async (target) => {
    expect(await rawStatus(gateway.url, target, key)).toBe(200);
    expect(gateway.service.seen.map(({ path }) => path)).toEqual([target]);
  });

  it('the path of a request in absolute form is the one that counts', async () => {
    expect(await rawStatus(gateway.url, 'http://other.example/unknown', key)).toBe(403);
    expect(gateway.service.seen).toEqual([]);
    expect(await rawStatus(gateway.url, 'http://other.example/invoices/7', key)).toBe(200);
    expect(gateway.service.seen.map(({ path }) => path)).toEqual(['/invoices/7']);
  });
});
