import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Gatehouse, GatehouseError, once } from '../../sdk/src/index.js';
import { type TestOrg, TestServer } from '../support/start-app.js';
import { newKeyPair } from '../support/stored-keys.js';

const server = TestServer.forSuite();
let org: TestOrg;
let partner: Gatehouse;
let api: Gatehouse;

beforeAll(async () => {
  org = await server.newOrg();
  partner = new Gatehouse({ url: server.url, key: org.partner.key });
  api = new Gatehouse({ url: server.url, key: (await server.newOrgKey(org)).key });
});

async function refusalOf(call: Promise<unknown>): Promise<GatehouseError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof GatehouseError)) throw error ?? new Error('It was not refused');
  return error;
}

describe('calls', () => {
  it('provision an org with a working key', async () => {
    const made = await partner.post('/partner/v1/orgs', { body: { name: 'Acme Tours', external_id: 'a/b ü' } });
    const externalId = made.external_id!;
    const found = await partner.get('/partner/v1/orgs/by-external-id/{externalId}', {
      params: { path: { externalId } },
    });
    expect(found.id).toBe(made.id);
    const params = { path: { orgId: made.id } };
    const { api_key } = await partner.post('/partner/v1/orgs/{orgId}/api-keys', { params });
    const key = new Gatehouse({ url: server.url, key: api_key });
    expect(await key.get('/whoami')).toMatchObject({ org_id: made.id, access: 'full' });
    expect(await key.get('/org')).toMatchObject({ name: 'Acme Tours' });
    expect(await partner.delete('/partner/v1/orgs/{orgId}', { params })).toBe(undefined);
    expect((await refusalOf(key.get('/whoami'))).status).toBe(401);
  });

  it('have one effect per Idempotency-Key', async () => {
    const init = { params: once(), body: { contact: { name: 'Sam', email: 'once@example.com' } } };
    const first = await api.post('/contacts', init);
    expect(await api.post('/contacts', init)).toEqual(first);
    expect((await refusalOf(api.post('/contacts', { ...init, params: once() }))).status).toBe(409);
  });

  it('authenticate with a key and a secret, with a session cookie, or not at all', async () => {
    const { id, key, secret } = await newKeyPair(server, org.id);
    expect(await new Gatehouse({ url: server.url, key, secret }).get('/whoami')).toMatchObject({ id });

    const cookie = `gatehouse_session=${await server.newSession(org, 'jane@acmetours.example')}`;
    const browser = new Gatehouse({
      url: server.url,
      session: true,
      fetch: (request) => fetch(new Request(request, { headers: [...request.headers, ['Cookie', cookie]] })),
    });
    expect(await browser.get('/session')).toMatchObject({ user: { email: 'jane@acmetours.example' } });
    expect(await browser.delete('/session')).toBe(undefined);
    expect((await refusalOf(browser.get('/session'))).status).toBe(401);

    expect(await new Gatehouse({ url: server.url }).get('/healthz')).toEqual({ status: 'ok' });
  });

  it('throw an error with the status, message, request id and fields', async () => {
    const unknown = await refusalOf(api.get('/contacts/{id}', { params: { path: { id: 'unknown' } } }));
    expect(unknown).toMatchObject({ name: 'GatehouseError', status: 404, message: 'Contact not found', errors: [] });
    expect(unknown.requestId).toMatch(/^[\w-]+$/);
    const bad = await refusalOf(api.put('/tags', { body: { tag_name: '' } }));
    const message = 'tag_name must be longer than or equal to 1 characters';
    expect(bad).toMatchObject({ status: 400, message, errors: [{ field: 'tag_name', message }] });
  });

  it('throw a readable error for a response of a proxy', async () => {
    const stranger = new Gatehouse({
      url: server.url,
      fetch: async () => new Response('<h1>Bad Gateway</h1>', { status: 502, statusText: 'Bad Gateway' }),
    });
    const { status, message, requestId } = await refusalOf(stranger.get('/healthz'));
    expect({ status, message, requestId }).toEqual({
      status: 502,
      message: 'HTTP 502 Bad Gateway',
      requestId: undefined,
    });
  });

  it.each(['', '.', '..'])('refuse the path parameter %j, which would lead to another route', async (keyId) => {
    const path = { orgId: org.id, keyId };
    const call = partner.delete('/partner/v1/orgs/{orgId}/api-keys/{keyId}', { params: { path } });
    await expect(call).rejects.toThrow(`keyId can't be "${keyId}" in a path`);
  });
});

describe('each', () => {
  it('iterates over the contacts of three pages, newest first, without a needless request', async () => {
    const own = await server.newOrg();
    const { key } = await server.newOrgKey(own);
    const emails = Array.from({ length: 5 }, (_, index) => `contact-${index}@example.com`);
    const writer = new Gatehouse({ url: server.url, key });
    for (const email of emails) await writer.post('/contacts', { body: { contact: { email } } });

    const asked: string[] = [];
    const reader = new Gatehouse({
      url: server.url,
      key,
      fetch: (request) => (asked.push(request.url), fetch(request)),
    });
    const seen: (string | null)[] = [];
    for await (const { email } of reader.each('/contacts', { params: { query: { limit: 2 } } })) seen.push(email);
    expect(seen).toEqual(emails.reverse());
    expect(asked.length).toBe(3);

    asked.length = 0;
    for await (const _ of reader.each('/contacts')) break;
    expect(asked.length).toBe(1);
  });
});

describe('a rate limit', () => {
  const { now } = performance;
  let skippedMs = 0;
  beforeEach(() => vi.spyOn(performance, 'now').mockImplementation(() => now.call(performance) + skippedMs));
  afterEach(() => vi.restoreAllMocks());

  /** A key that has used its two requests of this minute, with that many seconds left until the next one. */
  async function spentKey(secondsLeft: number): Promise<string> {
    const { key } = await server.newOrgKey(org, { rate_limit: { per_minute: 2 } });
    const client = new Gatehouse({ url: server.url, key });
    await client.get('/tags');
    await client.get('/tags');
    skippedMs += 60_000 - secondsLeft * 1000;
    return key;
  }

  it('is waited for as long as Retry-After says', async () => {
    let statuses: number[] = [];
    const note = async (request: Request) => {
      const response = await fetch(request);
      statuses.push(response.status);
      return response;
    };
    // On a busy machine the second may be over before the request arrives.
    while (statuses[0] !== 429) {
      statuses = [];
      const client = new Gatehouse({ url: server.url, key: await spentKey(1), fetch: note });
      expect(await client.put('/tags', { body: { tag_name: 'waited' } })).toMatchObject({ tag_name: 'waited' });
    }
    expect(statuses).toEqual([429, 200]);
  });

  it('is thrown at once if the wait exceeds the timeout of the caller', async () => {
    const client = new Gatehouse({ url: server.url, key: await spentKey(40), waitSecondsMax: 5 });
    const { status, message, retryAfterSeconds } = await refusalOf(client.get('/tags'));
    expect({ status, message }).toEqual({ status: 429, message: 'Rate limit exceeded: 2 requests per minute.' });
    expect(retryAfterSeconds).toBeGreaterThan(5);
    expect(retryAfterSeconds).toBeLessThanOrEqual(40);
  });

  it('is not waited for after the caller aborts', async () => {
    const client = new Gatehouse({ url: server.url, key: await spentKey(40) });
    const gaveUp = new Error('No time');
    const controller = new AbortController();
    const call = client.get('/tags', { signal: controller.signal });
    setTimeout(() => controller.abort(gaveUp), 100);
    await expect(call).rejects.toBe(gaveUp);
  });
});
