import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { mintKeyPair, mintOpaqueKey } from '../../src/access/credentials/credential-format.js';
import { VERDICT_CODES } from '../../src/gateway/doors/verify.dto.js';
import { burst } from '../support/burst.js';
import { newService, type TestService } from '../support/services.js';
import { changeBySql } from '../support/sql-change.js';
import { type TestOrg, TestServer } from '../support/start-app.js';
import { newKeyPair, newOpaqueKey } from '../support/stored-keys.js';

const FAILURES_MAX = 5;

const server = TestServer.forSuite({ LIMIT_AUTH_FAILURES_PER_MINUTE: String(FAILURES_MAX) });
let org: TestOrg;
let service: TestService;
let addresses = 0;
/** Failed authentication is counted by address; each test has its own. */
let ip: string;

const ROUTES = [
  { methods: ['GET'], path: '/invoices', needs: '{resource}:read' },
  { methods: ['POST'], path: '/invoices', needs: '{resource}:write' },
  { methods: ['GET'], path: '/me', needs: 'any-key' },
  { methods: ['GET'], path: '/status', needs: 'public', reason: 'health page' },
];

beforeAll(async () => {
  org = await server.newOrg();
  service = await newService(server, { routes: ROUTES });
});
beforeEach(() => void (ip = `203.0.113.${++addresses}`));

interface Verdict {
  readonly valid: boolean;
  readonly code: string;
  readonly status: number;
  readonly body: object | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly scopes: readonly string[];
  readonly rate_limit: readonly object[];
}

function ask(question: object, key = service.key) {
  return server.as(key).post('/v1/verify').send(question);
}

async function verdictOf(question: object): Promise<Verdict> {
  const { status, body } = await ask(question);
  expect([question, body, status]).toEqual([question, body, 200]);
  return body as Verdict;
}

async function codeOf(question: object): Promise<string> {
  return (await verdictOf(question)).code;
}

const unknownKey = () => mintOpaqueKey('ocx', 'live');

async function newKey(settings: object = {}): Promise<string> {
  const key = await newOpaqueKey(server, org.id, { scopes: [service.scope('read')], ...settings });
  return key.key;
}

const bearer = (key: string) => ({ credential: { bearer: key }, ip });

describe('the verdict', () => {
  it('on a request that may pass says who calls, with which scopes and limits', async () => {
    const { id, key } = await newOpaqueKey(server, org.id, {
      name: 'Shop',
      scopes: [service.scope('read'), 'tags:read'],
    });
    const verdict = await verdictOf({ ...bearer(key), method: 'GET', path: '/invoices?page=2' });
    expect(verdict).toMatchObject({
      valid: true,
      code: 'valid',
      status: 200,
      body: null,
      key: { id, name: 'Shop', kind: 'bearer' },
      org: { id: org.id, external_id: null },
      partner: { id: org.partner.id },
      scopes: [service.scope('read')],
      rate_limit: [
        { name: 'key-min', limit: 1_000_000, remaining: 999_999 },
        { name: 'key-hour', limit: 1_000_000, remaining: 999_999 },
      ],
      headers: { RateLimit: expect.any(String), 'RateLimit-Policy': expect.any(String) },
    });
  });

  it('on a public route needs no valid credential', async () => {
    const verdict = await verdictOf({ ...bearer('none'), method: 'GET', path: '/status' });
    expect(verdict).toMatchObject({ valid: true, key: null, org: null, partner: null, scopes: [], rate_limit: [] });
  });

  it('on an unknown caller says nothing about anybody', async () => {
    const verdict = await verdictOf(bearer(unknownKey()));
    expect(verdict).toMatchObject({ valid: false, key: null, org: null, partner: null, scopes: [], rate_limit: [] });
  });

  it('has a code for each reason to refuse', async () => {
    const away = await server.newOrg();
    const { key: ofInactive } = await newOpaqueKey(server, away.id);
    await changeBySql(server, 'update partners set is_active = false where id = $1', [away.partner.id]);
    const limited = bearer(await newKey({ rate_per_minute: 1 }));
    const read = bearer(await newKey());
    const questions: readonly [code: string, status: number, question: object][] = [
      ['unauthorized', 401, bearer(unknownKey())],
      ['unauthorized', 401, bearer(await newKey({ revoked_at: new Date() }))],
      ['unauthorized', 401, bearer(await newKey({ expires_at: new Date(0) }))],
      ['ip_not_allowed', 403, bearer(await newKey({ allowed_ips: ['198.51.100.9'] }))],
      ['ip_not_allowed', 403, { ...bearer(await newKey({ allowed_ips: ['198.51.100.9'] })), ip: undefined }],
      ['origin_not_allowed', 403, bearer(await newKey({ allowed_origins: ['app.example.com'] }))],
      ['partner_inactive', 401, bearer(ofInactive)],
      ['valid', 200, limited],
      ['rate_limited', 429, limited],
      ['scope_missing', 403, { ...read, scope: service.scope('write') }],
      ['scope_missing', 403, { ...read, method: 'POST', path: '/invoices' }],
      ['scope_missing', 403, { ...read, method: 'GET', path: '/invoices', scope: service.scope('write') }],
      ['no_route', 403, { ...read, method: 'DELETE', path: '/invoices' }],
      ['ambiguous_path', 400, { ...read, method: 'GET', path: '/a/../invoices' }],
    ];
    for (const [code, status, question] of questions) {
      const verdict = await verdictOf(question);
      expect([verdict.code, verdict.status, verdict.valid]).toEqual([code, status, code === 'valid']);
    }
  });

  it('is verification_busy while too many secrets of a key are being compared', async () => {
    const { key } = await newKeyPair(server, org.id);
    const questions = Array.from({ length: 50 }, (_, at) => ({
      method: 'POST',
      path: '/v1/verify',
      headers: { Authorization: `Bearer ${service.key}` },
      body: { credential: { api_key: key, api_secret: mintKeyPair('ocx').secret }, ip: `198.51.100.${at}` },
    }));
    const verdicts = (await burst(server.url, questions)).map(({ body }) => JSON.parse(body) as Verdict);
    expect(new Set(verdicts.map(({ code }) => code))).toEqual(new Set(['unauthorized', 'verification_busy']));
    const busy = verdicts.find(({ code }) => code === 'verification_busy')!;
    expect([busy.status, busy.headers['Retry-After']]).toEqual([503, '1']);
  });

  it('has the body of a native route, byte by byte', async () => {
    const away = await server.newOrg();
    const { key: ofInactive } = await newOpaqueKey(server, away.id);
    await changeBySql(server, 'update partners set is_active = false where id = $1', [away.partner.id]);
    const full = await newKey({ rate_per_minute: 1 });
    await server.as(full).get('/whoami').expect(200);
    const keys = [
      unknownKey(),
      await newKey({ allowed_ips: ['198.51.100.9'] }),
      await newKey({ allowed_origins: ['app.example.com'] }),
      ofInactive,
      full,
    ];
    for (const key of keys) {
      const native = await server.as(key).get('/whoami').set('X-Forwarded-For', ip);
      expect((await ask(bearer(key))).text).toContain(`"body":${native.text},`);
    }
  });
});

describe('a credential', () => {
  it('can be a key with its secret, or the headers that the client sent', async () => {
    const { key, secret } = await newKeyPair(server, org.id, { scopes: [service.scope('read')] });
    const own = await newKey();
    const valid = [
      { api_key: key, api_secret: secret },
      { headers: { 'x-api-key': key, 'X-API-SECRET': secret, Cookie: 'a=b' } },
      { headers: { AUTHORIZATION: `bearer ${own}` } },
      { headers: { Authorization: [`Bearer ${own}`], Accept: ['a', 'b'] } },
      { headers: { Authorization: `Bearer ${own}`, 'X-API-Key': null } },
    ];
    for (const credential of valid)
      expect(await codeOf({ credential, ip, scope: service.scope('read') })).toBe('valid');
  });

  it('that was sent twice, or in parts, is unauthorized', async () => {
    const { key, secret } = await newKeyPair(server, org.id);
    const own = `Bearer ${await newKey()}`;
    const invalid = [
      { headers: {} },
      { headers: { Authorization: [own, own] } },
      { headers: { Authorization: own, authorization: own } },
      { headers: { Authorization: [] } },
      { headers: { Authorization: { scheme: own } } },
      { headers: { Authorization: 7 } },
      { headers: { 'X-API-Key': key } },
      { headers: { 'X-API-Key': [key, key], 'X-API-Secret': secret } },
      { headers: { 'Proxy-Authorization': own } },
      { api_key: key },
      { api_secret: secret },
      { bearer: key },
      { bearer: service.key },
      { bearer: org.partner.key },
    ];
    for (const credential of invalid) {
      expect([credential, await codeOf({ credential })]).toEqual([credential, 'unauthorized']);
    }
  });

  it('is compared with the Origin of the headers, or of the question', async () => {
    const key = await newKey({ allowed_origins: ['app.example.com'] });
    const Authorization = `Bearer ${key}`;
    const [right, wrong] = ['https://app.example.com', 'https://evil.example'];
    const codes = [
      await codeOf({ ...bearer(key), origin: right }),
      await codeOf({ ...bearer(key), origin: `${right}/page` }),
      await codeOf({ ...bearer(key), origin: wrong }),
      await codeOf({ ip, credential: { headers: { Authorization, origin: right, referer: wrong } } }),
      await codeOf({ ip, credential: { headers: { Authorization, Referer: `${right}/page` } } }),
      await codeOf({ ip, credential: { headers: { Authorization, Origin: [right, wrong] } } }),
    ];
    const no = 'origin_not_allowed';
    expect(codes).toEqual(['valid', 'valid', no, 'valid', 'valid', no]);
  });
});

it('charge: false looks at the limits and counts nothing', async () => {
  const question = bearer(await newKey({ rate_per_minute: 1 }));
  const codes: string[] = [];
  for (const charge of [false, false, true, false, true]) codes.push(await codeOf({ ...question, charge }));
  expect(codes).toEqual(['valid', 'valid', 'valid', 'rate_limited', 'rate_limited']);
});

describe('a batch', () => {
  const batch = (items: unknown) => server.as(service.key).post('/v1/verify:batch').send({ items });

  it('is answered in order, and never passes a limit that its requests would not', async () => {
    const limited = bearer(await newKey({ rate_per_minute: 1 }));
    const read = bearer(await newKey());
    const items = [read, bearer('none'), limited, { ...read, scope: service.scope('write') }, limited, read];
    const { body } = await batch(items).expect(200);
    const codes = (body as { items: Verdict[] }).items.map(({ code }) => code);
    expect(codes).toEqual(['valid', 'unauthorized', 'valid', 'scope_missing', 'rate_limited', 'valid']);
  });

  it('has 1 to 100 questions', async () => {
    const question = bearer(await newKey());
    const { body } = await batch(Array.from({ length: 100 }, () => question)).expect(200);
    expect((body as { items: Verdict[] }).items.every(({ valid }) => valid)).toBe(true);
    await batch(Array.from({ length: 101 }, () => question)).expect(400);
    await batch([]).expect(400);
    for (const items of [question, [null], [[]], ['a'], [{}]]) await batch(items).expect(400);
    await batch([question, { credential: {} }]).expect(400);
  });
});

describe('failed authentication', () => {
  const failUntilLimit = async (question: object) => {
    for (let failure = 0; failure < FAILURES_MAX; failure++) {
      expect(await codeOf({ ...question, credential: { bearer: unknownKey() } })).toBe('unauthorized');
    }
  };

  it('counts against the address of the client, not that of the service', async () => {
    const known = bearer(await newKey());
    expect(await codeOf(known)).toBe('valid');
    await failUntilLimit({ ip });
    const refused = await verdictOf(bearer(unknownKey()));
    expect([refused.code, refused.status]).toEqual(['rate_limited', 429]);
    expect(refused.headers['Retry-After']).toMatch(/^\d+$/);
    expect(await codeOf(known)).toBe('valid');
    expect(await codeOf({ credential: { bearer: await newKey() }, ip: '198.51.100.1' })).toBe('valid');
    await server
      .as(await newKey())
      .get('/whoami')
      .expect(200);
  });

  it('without an address does not lock out other callers', async () => {
    await failUntilLimit({});
    await failUntilLimit({});
    expect(await codeOf({ credential: { bearer: await newKey() } })).toBe('valid');
  });
});

describe('a mistake of the service', () => {
  it('in its question is 400', async () => {
    const credential = { bearer: await newKey() };
    const invalid: readonly unknown[] = [
      {},
      [],
      { credential: null },
      { credential: {} },
      { credential: { bearer: '' } },
      { credential: { bearer: 7 } },
      { credential: { ...credential, headers: {} } },
      { credential: { ...credential, api_key: 'a' } },
      { credential: { headers: [] } },
      { credential: { headers: { authorization: { toString: 'x' } } } },
      { credential: { headers: { a: 'x'.repeat(70_000) } } },
      { credential, method: 'GET' },
      { credential, path: '/invoices' },
      { credential, method: 'get', path: '/invoices' },
      { credential, method: 'GET', path: '' },
      { credential, scope: 'tags:read' },
      { credential, scope: '\0' },
      { credential, charge: 'no' },
      { credential, ip: '' },
      { credential, unknown: 1 },
    ];
    for (const question of invalid) {
      const { status } = await ask(question as object);
      expect([question, status]).toEqual([question, 400]);
    }
  });

  it('in its own key is 401, with Basic too', async () => {
    const question = bearer(await newKey());
    for (const key of [unknownKey(), await newKey(), org.partner.key, 'none']) await ask(question, key).expect(401);
    await server.http.post('/v1/verify').send(question).expect(401);
    const basic = (secret: string) => `Basic ${Buffer.from(`${service.slug}:${secret}`).toString('base64')}`;
    const asked = () => server.http.post('/v1/verify').send(question);
    await asked().set('Authorization', basic(service.key)).expect(200);
    await asked().set('Authorization', basic(unknownKey())).expect(401);
  });

  it('that asks about scopes of another service is 400, about its routes no_route', async () => {
    const other = await newService(server, {
      routes: [{ methods: ['GET'], path: '/other', needs: '{resource}:read' }],
    });
    const key = await newKey({ scopes: [other.scope('read'), service.scope('read')] });
    await ask({ ...bearer(key), scope: other.scope('read') }).expect(400);
    const verdict = await verdictOf({ ...bearer(key), method: 'GET', path: '/other' });
    expect([verdict.code, verdict.scopes]).toEqual(['no_route', []]);
    expect((await verdictOf(bearer(key))).scopes).toEqual([service.scope('read')]);
  });
});

it('the key of a removed service is refused', async () => {
  const gone = await newService(server, { routes: ROUTES });
  const question = bearer(await newKey());
  await ask(question, gone.key).expect(200);
  await changeBySql(server, 'delete from services where slug = $1', [gone.slug]);
  await ask(question, gone.key).expect(401);
});

it('hostile texts get a verdict or 400, never a fault', async () => {
  const texts = [
    '\0',
    '\ud800',
    '\r\nX-Injected: 1',
    '😀',
    '__proto__',
    '%',
    '%00',
    '%ff',
    'x'.repeat(8_000),
    '/',
    '\\',
    'é',
  ];
  const key = await newKey();
  for (const text of texts) {
    const questions = [
      { credential: { bearer: text }, ip: text },
      { credential: { api_key: text, api_secret: text } },
      { credential: { headers: { authorization: text, [text]: text, origin: text } } },
      { credential: { bearer: key }, origin: text },
      { credential: { bearer: key }, ip: text },
      { credential: { bearer: key }, method: 'GET', path: text },
      { credential: { bearer: key }, method: 'GET', path: `/invoices/${text}` },
      { credential: { bearer: key }, method: 'GET', path: `/${text}?${text}` },
    ];
    for (const question of questions) {
      const { status, body } = await ask(question);
      if (status !== 400) expect(VERDICT_CODES).toContain((body as Verdict).code);
      expect([200, 400]).toContain(status);
    }
  }
});

it('a path that two parsers read differently is refused', async () => {
  const key = await newKey({ scopes: null });
  const paths = [
    'invoices',
    'http://x/invoices',
    '/%69nvoices/..',
    '//invoices',
    '/invoices%2F',
    '/invoices;a',
    '/invoices#a',
  ];
  for (const path of paths) {
    const { code, status } = await verdictOf({ ...bearer(key), method: 'GET', path });
    expect([path, code, status]).toEqual([path, 'ambiguous_path', 400]);
  }
});
