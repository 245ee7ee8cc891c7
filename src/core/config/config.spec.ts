import { describe, expect, it } from 'vitest';
import { loadConfig } from './config.js';

describe('OUTBOUND_ALLOWED_HOSTS', () => {
  it.each([
    ['sandbox.internal', ['sandbox.internal']],
    ['127.0.0.1:4010, Sandbox.Internal', ['127.0.0.1:4010', 'sandbox.internal']],
    ['[::1]:80', ['[::1]:80']],
    ['', []],
  ])('%j', (text, hosts) => expect(loadConfig({ OUTBOUND_ALLOWED_HOSTS: text }).outboundAllowedHosts).toEqual(hosts));

  it.each(['http://sandbox.internal', 'a,,b', 'a/b', 'a:b', '::1', '*', '10.0.0.0/8', 'a@b'])('refuses %j', (text) => {
    expect(() => loadConfig({ OUTBOUND_ALLOWED_HOSTS: text })).toThrow('OUTBOUND_ALLOWED_HOSTS must be hosts');
  });
});

describe.each(['DATABASE_URL', 'DATABASE_DIRECT_URL', 'DATABASE_OWNER_URL'])('%s', (name) => {
  const base = { DATABASE_URL: 'postgres://u:p@db/gatehouse', ENCRYPTION_KEY: Buffer.alloc(32).toString('base64') };

  it.each([
    'postgres://a,b/gatehouse',
    'postgres://u:p@a:5432,b:5433/gatehouse',
    'postgresql://u@[::1],[::2]/gatehouse?sslmode=require',
    'postgres:///gatehouse?host=a,b',
    'postgres:///gatehouse?port=1&host=a%2Cb',
    'host=a,b dbname=gatehouse',
    'dbname=gatehouse  host=a port=5432,5433',
  ])('refuses the several hosts of %j, and says what to put in front', (url) =>
    expect(() => loadConfig({ ...base, [name]: url })).toThrow(
      /^Configuration: DATABASE_\w+ must name one host: .* HAProxy or a virtual IP \(deploy\/ha\)$/,
    ),
  );

  it.each(['postgres://u:a,b@db/gatehouse', 'postgres://db/gate,house', 'postgres://db/gatehouse?options=a,b'])(
    'takes %j',
    (url) => expect(loadConfig({ ...base, [name]: url })).toMatchObject({ databaseUrl: expect.any(String) }),
  );
});

describe('FRESHNESS', () => {
  it('is not strict on the embedded Postgres', () =>
    expect(() => loadConfig({ FRESHNESS: 'strict' })).toThrow(
      'Configuration: DATABASE_URL is required with FRESHNESS=strict: the embedded Postgres has no standby',
    ));
});

describe('BUILT_IN_RESOURCES', () => {
  it.each([
    ['', 'all'],
    ['all', 'all'],
    ['none', []],
    ['contacts, tags,knowledge_base,chat-sessions', ['contacts', 'tags', 'knowledge_base', 'chat-sessions']],
  ])('%j', (text, resources) => expect(loadConfig({ BUILT_IN_RESOURCES: text }).builtInResources).toEqual(resources));

  it.each(['contacts,', ',', 'contacts tags', 'contacts:read', '*'])('refuses %j', (text) =>
    expect(() => loadConfig({ BUILT_IN_RESOURCES: text })).toThrow('BUILT_IN_RESOURCES must be all, none, or names'),
  );
});

describe('INTEGRATION_BASE_URLS', () => {
  it.each([
    ['a=https://a.example/v1/', { a: 'https://a.example/v1' }],
    ['a=http://127.0.0.1:1, b=https://{shop}.example', { a: 'http://127.0.0.1:1', b: 'https://{shop}.example' }],
    ['', {}],
  ])('%j', (text, urls) => expect(loadConfig({ INTEGRATION_BASE_URLS: text }).integrationBaseUrls).toEqual(urls));

  it.each([
    'https://a.example',
    'a=',
    'a=a.example',
    'a=ftp://a.example',
    'a=https://',
    'a=https://x y',
    'a=https://x,',
  ])('refuses %j', (text) =>
    expect(() => loadConfig({ INTEGRATION_BASE_URLS: text })).toThrow('INTEGRATION_BASE_URLS must be'),
  );
});

describe.each(['PUBLIC_URL', 'DASHBOARD_URL'])('%s', (name) => {
  it.each(['https://gatehouse.example', 'https://gatehouse.example/', 'http://127.0.0.1:8080', 'http://[::1]:80'])(
    'can be %s',
    (text) => {
      const { publicUrl, dashboardUrl } = loadConfig({ [name]: text });
      expect(name === 'PUBLIC_URL' ? publicUrl : dashboardUrl).toBe(text.replace(/\/$/, ''));
    },
  );

  it.each([
    'https://acme.example/gatehouse',
    'https://acme.example//',
    'https://acme.example/?a',
    'https://acme.example/#a',
    'https://sam:secret@acme.example',
    'ftp://acme.example',
    'acme.example',
  ])('cannot be %s, because pages and cookies are at the root of a host', (text) => {
    expect(() => loadConfig({ [name]: text })).toThrow(`${name} must be a URL (http, https) of a host without a path`);
  });
});
