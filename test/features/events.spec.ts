import { beforeEach, describe, expect, it } from 'vitest';
import { mintOpaqueKey } from '../../src/access/credentials/credential-format.js';
import { OPERATOR } from '../../src/kit/audit/actor.js';
import { Partners } from '../../src/tenancy/partners/partners.service.js';
import { createKey, type Signed, signedInAs } from '../support/manage.js';
import { changeBySql } from '../support/sql-change.js';
import { SqlCount } from '../support/sql-count.js';
import { type TestOrg, TestServer } from '../support/start-app.js';

const PAGE = 'https://app.example.com';
const EVENTS = '/manage/v1/events';
const NOT_ALLOWED = { statusCode: 403, message: 'Origin is not allowed.', code: 'origin_not_allowed' };

const server = TestServer.forSuite();
let org: TestOrg;
let admin: Signed;
beforeEach(async () => {
  org = await server.newOrg();
  admin = await signedInAs(server, org, 'Admin');
});

const post = (key: string, body: object = { event: 'call.started' }) => server.as(key).post('/events').send(body);
const listed = async (query = '') => (await admin.get(EVENTS + query).expect(200)).body.items;
/** Each key has its own domain, so that tests don't list each other's keys. */
let pages = 0;
const newDomain = () => `page${++pages}.example.com`;

describe('POST /events', () => {
  it.each(['client', 'openconnect', 'queue_adapter', 'telephony'])(
    'stores what a %s key posts under its type',
    async (type) => {
      const key = await createKey(admin, { type });
      const body = {
        event: 'call.started',
        agent_id: 'agent-7',
        crm_id: 'CRM/42',
        occurred_at: '2026-03-15T10:30:00+02:00',
        data: { duration: 12, tags: ['a'], caller: { number: '+4930123' } },
      };
      const answer = await post(key.api_key, body).expect(202);
      expect(answer.body).toEqual({ id: expect.any(String) });
      expect(await listed()).toEqual([
        {
          ...body,
          id: answer.body.id,
          type,
          api_key_id: key.id,
          occurred_at: '2026-03-15T08:30:00.000Z',
          created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        },
      ]);
    },
  );

  it('stores an event once per Idempotency-Key', async () => {
    const { api_key } = await createKey(admin, { type: 'client' });
    const repeated = () => post(api_key, { event: 'call.ended' }).set('Idempotency-Key', 'call-7').expect(202);
    const { body } = await repeated();
    expect((await repeated()).body).toEqual(body);
    expect(await listed()).toMatchObject([{ id: body.id, event: 'call.ended' }]);
    await post(api_key).set('Idempotency-Key', 'call-7').expect(422);
  });

  it('requires only a name, and accepts null for absent fields', async () => {
    const { api_key } = await createKey(admin, { type: 'client' });
    await post(api_key).expect(202);
    await post(api_key, { event: 'x', agent_id: null, crm_id: null, occurred_at: null, data: null }).expect(202);
    for (const event of await listed()) {
      expect(event).toMatchObject({ agent_id: null, crm_id: null, data: null });
      expect(Math.abs(Date.parse(event.occurred_at) - Date.parse(event.created_at))).toBeLessThan(60_000);
    }
  });

  it.each<[string, object]>([
    ['event', {}],
    ['event', { event: '' }],
    ['event', { event: '1call' }],
    ['event', { event: 'call started' }],
    ['event', { event: 'x'.repeat(101) }],
    ['data', { event: 'x', data: [] }],
    ['data', { event: 'x', data: 'text' }],
    ['data', { event: 'x', data: { text: 'x'.repeat(65_536) } }],
    ['occurred_at', { event: 'x', occurred_at: 'now' }],
    ['agent_id', { event: 'x', agent_id: '' }],
    ['type', { event: 'x', type: 'telephony' }],
  ])('refuses %s in %j, and stores nothing', async (field, body) => {
    const { api_key } = await createKey(admin, { type: 'client' });
    const { errors } = (await post(api_key, body).expect(400)).body;
    expect(errors.map((error: { field: string }) => error.field)).toEqual([field]);
    expect(await listed()).toEqual([]);
  });

  it('accepts data up to 64 KiB', async () => {
    const { api_key } = await createKey(admin, { type: 'client' });
    const data = { text: 'x'.repeat(65_536 - '{"text":""}'.length) };
    await post(api_key, { event: 'x', data }).expect(202);
    expect((await listed())[0].data).toEqual(data);
  });

  it('stores numbers exactly, or refuses them with their field', async () => {
    const { api_key } = await createKey(admin, { type: 'client' });
    const send = (number: string) =>
      server
        .as(api_key)
        .post('/events')
        .set('Content-Type', 'application/json')
        .send(`{"event":"x","data":{"caller":{"id":${number}}}}`);
    for (const number of ['8202522731445525542', '0.12345678901234567891', '1e400', '1e-400']) {
      const { body } = await send(number).expect(400);
      expect(body.errors).toEqual([{ field: 'data.caller.id', message: body.message }]);
      expect(body.message).toMatch(/^data\.caller\.id must be a number that .* send it as a string$/);
    }
    await send('9007199254740991').expect(202);
    await send('0.30000000000000004').expect(202);
    await send('"8202522731445525542"').expect(202);
    const stored = (await listed()).map(({ data }: { data: { caller: { id: unknown } } }) => data.caller.id);
    expect(stored).toEqual(['8202522731445525542', 0.30000000000000004, 9007199254740991]);
  });

  it('is 401 for a standard key and for one with a secret, and a typed key is 401 elsewhere', async () => {
    const standard = await createKey(admin, { access: 'full' });
    await post(standard.api_key).expect(401);
    const typed = await createKey(admin, { type: 'client' });
    for (const path of ['/contacts', '/partner/v1/orgs', '/agents'])
      await server.as(typed.api_key).get(path).expect(401);
    await server.as(typed.api_key).get('/whoami').expect(200);
    expect(await listed()).toEqual([]);
  });
});

describe('GET /manage/v1/events', () => {
  it('can be filtered by type, event and time, in pages, and has events of the own org only', async () => {
    const [client, phone] = [await createKey(admin, { type: 'client' }), await createKey(admin, { type: 'telephony' })];
    const elsewhere = await signedInAs(server, await server.newOrg(), 'Admin');
    await post((await createKey(elsewhere, { type: 'client' })).api_key).expect(202);
    const day = (number: number) => `2026-03-0${number}T00:00:00.000Z`;
    await post(client.api_key, { event: 'one', occurred_at: day(1) }).expect(202);
    await post(phone.api_key, { event: 'one', occurred_at: day(2) }).expect(202);
    await post(client.api_key, { event: 'two', occurred_at: day(3) }).expect(202);
    const daysOf = async (query: string) =>
      (await listed(query)).map(({ occurred_at }: { occurred_at: string }) => Number(occurred_at.slice(8, 10)));
    expect(await daysOf('')).toEqual([3, 2, 1]);
    expect(await daysOf('?type=client')).toEqual([3, 1]);
    expect(await daysOf('?event=one')).toEqual([2, 1]);
    expect(await daysOf('?event=one&type=telephony')).toEqual([2]);
    expect(await daysOf(`?from=${day(2)}`)).toEqual([3, 2]);
    expect(await daysOf(`?from=${day(2)}&to=${day(2)}`)).toEqual([2]);
    const first = (await admin.get(`${EVENTS}?limit=2`).expect(200)).body;
    expect((await admin.get(`${EVENTS}?limit=2&cursor=${first.next}`).expect(200)).body).toMatchObject({
      items: [{ event: 'one' }],
      next: null,
    });
    for (const query of ['?type=standard', '?event=', '?from=x', '?key=1']) await admin.get(EVENTS + query).expect(400);
    const member = await signedInAs(server, org, 'Member');
    expect((await member.get(EVENTS).expect(200)).body.items).toHaveLength(3);
  });
});

describe('a page of an allowed origin', () => {
  const preflight = (origin?: string) => {
    const request = server.http.options('/events');
    return origin === undefined ? request : request.set('Origin', origin);
  };
  const mayGoOn = async (origin: string) => {
    const { status, headers } = await preflight(origin);
    return [status, headers['access-control-allow-origin']];
  };

  it('passes the preflight if any live key lists its origin', async () => {
    const [domain, above] = [newDomain(), newDomain()];
    await createKey(admin, { type: 'client', allowed_origins: [domain, `*.${above}`] });
    const { headers } = await preflight(`https://${domain}`).expect(204);
    expect(headers).toMatchObject({
      'access-control-allow-origin': `https://${domain}`,
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'Authorization, Content-Type, Idempotency-Key, X-Request-Id',
      'access-control-max-age': '600',
      vary: 'Origin',
    });
    expect(headers['access-control-allow-credentials']).toBe(undefined);
    for (const origin of [`http://${domain}:8080`, `https://a.${above}`, `https://a.b.${above}`]) {
      expect(await mayGoOn(origin)).toEqual([204, origin]);
    }
    for (const origin of [
      `https://a.${domain}`,
      `https://${above}`,
      'https://example.org',
      'null',
      'x',
      `ftp://${domain}`,
    ]) {
      expect(await mayGoOn(origin)).toEqual([403, undefined]);
    }
    const bare = await preflight().expect(403);
    expect([bare.body, bare.headers['vary']]).toEqual([NOT_ALLOWED, 'Origin']);
  });

  it('fails the preflight once the call that removes the last such key returns', async () => {
    const [domain, other] = [newDomain(), newDomain()];
    const origin = `https://${domain}`;
    const keys = [
      await createKey(admin, { type: 'client', allowed_origins: [domain] }),
      await createKey(admin, { type: 'telephony', allowed_origins: [domain, other] }),
    ];
    for (const { id } of keys) {
      expect(await mayGoOn(origin)).toEqual([204, origin]);
      await admin.delete(`/manage/v1/api-keys/${id}`).expect(204);
    }
    expect(await mayGoOn(origin)).toEqual([403, undefined]);
    await createKey(admin, { type: 'client', allowed_origins: [domain] });
    expect(await mayGoOn(origin)).toEqual([204, origin]);
    const partners = server.app.get(Partners);
    await partners.update(OPERATOR, org.partner.id, { is_active: false });
    expect(await mayGoOn(origin)).toEqual([403, undefined]);
    await partners.update(OPERATOR, org.partner.id, { is_active: true });
    expect(await mayGoOn(origin)).toEqual([204, origin]);
    await server.as(org.partner.key).delete(`/partner/v1/orgs/${org.id}`).expect(204);
    expect(await mayGoOn(origin)).toEqual([403, undefined]);
  });

  it('fails the preflight once the key has expired', async () => {
    const domain = newDomain();
    const expires_at = new Date(Date.now() + 3_600_000).toISOString();
    const { id } = await createKey(admin, { type: 'client', allowed_origins: [domain], expires_at });
    expect(await mayGoOn(`https://${domain}`)).toEqual([204, `https://${domain}`]);
    await changeBySql(server, 'update api_keys set expires_at = now() where id = $1', [id]);
    expect(await mayGoOn(`https://${domain}`)).toEqual([403, undefined]);
  });

  it('costs one statement when it is new, and none when it is cached', async () => {
    const domain = newDomain();
    await createKey(admin, { type: 'client', allowed_origins: [domain] });
    const sql = SqlCount.start();
    try {
      for (const origin of [`https://${domain}`, `https://${newDomain()}`]) {
        expect(await sql.during(() => mayGoOn(origin))).toHaveLength(1);
        expect(await sql.during(() => mayGoOn(origin))).toEqual([]);
      }
    } finally {
      sql.stop();
    }
  });

  it('can read responses and errors, and is limited to the origins of its own key', async () => {
    const [own, others] = [newDomain(), newDomain()];
    const key = await createKey(admin, { type: 'client', allowed_origins: [own] });
    await createKey(admin, { type: 'client', allowed_origins: [others] });
    const origin = `https://${own}`;
    const readable = { 'access-control-allow-origin': origin, vary: 'Origin' };
    const exposed = 'X-Request-Id, RateLimit, RateLimit-Policy, Retry-After, Deprecation, Sunset';

    const stored = await post(key.api_key).set('Origin', origin).expect(202);
    expect(stored.headers).toMatchObject({ ...readable, 'access-control-expose-headers': exposed });
    expect((await post(key.api_key, {}).set('Origin', origin).expect(400)).headers).toMatchObject(readable);
    const text = server.as(key.api_key).post('/events').set('Origin', origin).type('text').send('x');
    expect((await text.expect(415)).headers).toMatchObject(readable);
    const unknown = mintOpaqueKey('ocx', 'live');
    for (const wrong of [unknown, 'nonsense']) {
      expect((await post(wrong).set('Origin', origin).expect(401)).headers).toMatchObject(readable);
    }

    const foreign = await post(key.api_key).set('Origin', `https://${others}`).expect(403);
    expect(foreign.body).toEqual(NOT_ALLOWED);
    expect(foreign.headers['access-control-allow-origin']).toBe(undefined);
    const stranger = await post(unknown).set('Origin', 'https://example.org').expect(401);
    expect(stranger.headers['access-control-allow-origin']).toBe(undefined);
    expect(await listed()).toHaveLength(1);
  });

  it('can read the 429 of an exceeded limit', async () => {
    const domain = newDomain();
    const settings = { type: 'client', allowed_origins: [domain], rate_limit: { per_minute: 1 } };
    const { api_key } = await createKey(admin, settings);
    await post(api_key).set('Origin', `https://${domain}`).expect(202);
    const { headers } = await post(api_key).set('Origin', `https://${domain}`).expect(429);
    expect(headers).toMatchObject({
      'access-control-allow-origin': `https://${domain}`,
      'retry-after': expect.any(String),
    });
  });

  it('of a key without origins can post, but fails the preflight', async () => {
    const { api_key } = await createKey(admin, { type: 'client' });
    const { headers } = await post(api_key).set('Origin', PAGE).expect(202);
    expect(headers['access-control-allow-origin']).toBe(undefined);
    expect(await mayGoOn(PAGE)).toEqual([403, undefined]);
  });

  it('gets no CORS headers on other routes', async () => {
    const domain = newDomain();
    const { api_key } = await createKey(admin, { type: 'client', allowed_origins: [domain] });
    const { headers } = await server.as(api_key).get('/whoami').set('Origin', `https://${domain}`).expect(200);
    expect([headers['access-control-allow-origin'], headers['vary']]).toEqual([undefined, undefined]);
    const preflight = await server.http.options('/contacts').set('Origin', `https://${domain}`).expect(405);
    expect(preflight.headers['access-control-allow-origin']).toBe(undefined);
  });
});

it('unknown origins count as failed authentication', async () => {
  const strict = await TestServer.start({ LIMIT_AUTH_FAILURES_PER_MINUTE: '5' });
  try {
    const ask = (at: number) => strict.http.options('/events').set('Origin', `https://made-up-${at}.example`);
    const statuses = [];
    for (let at = 0; at < 8; at++) statuses.push((await ask(at)).status);
    expect(statuses).toEqual([403, 403, 403, 403, 403, 429, 429, 429]);
    await ask(0).expect(403);
  } finally {
    await strict.close();
  }
});
