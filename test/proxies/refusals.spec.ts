import { beforeAll, describe, expect, it } from 'vitest';
import { malformedCredentials } from '../contract/support/bad-credentials.js';
import { CredentialMaker, type Credentials, type Headers } from '../contract/support/credentials.js';
import { inParallel } from '../contract/support/in-parallel.js';
import { PROXIES } from '../support/proxy.js';
import { comparable } from './support/comparable.js';
import { Gateway } from './support/gateway.js';
import { KINDS, newKey, ofEachKind } from './support/keys.js';

interface Attempt {
  readonly what: string;
  readonly headers: Headers;
  /** A route of Gatehouse itself that refuses the same. */
  readonly native: string;
}

const SCOPED = '/invoices/7';
const REQUEST_ID = { 'X-Request-Id': 'proxies_1' };

describe.each(PROXIES)('through %s', (name) => {
  const gateway = Gateway.forSuite(name);
  let maker: CredentialMaker;
  beforeAll(async () => {
    maker = await CredentialMaker.prepare(gateway.server);
  });
  const keyWith = (kind: (typeof KINDS)[number], scope: string, perMinute?: number) =>
    newKey(gateway.server, maker, kind, [scope], perMinute);

  /** `/whoami` takes every kind of key. */
  const toAnyKey = (credentials: Credentials): Attempt[] =>
    Object.entries(credentials).map(([what, headers]) => ({ what, headers, native: '/whoami' }));

  async function expectRefusedAlike(status: number, attempts: readonly Attempt[]): Promise<void> {
    const lines = await inParallel(attempts, async ({ what, headers: credential, native }) => {
      const headers = { ...REQUEST_ID, ...credential };
      const seen = comparable(await gateway.ask({ path: SCOPED, headers }));
      const expected = comparable(await gateway.askDirectly({ path: native, headers }));
      return Object.entries({ ...expected, status })
        .filter(([part, value]) => seen[part] !== value)
        .map(([part, value]) => `${what}: ${part} is ${String(seen[part])}, not ${String(value)}`);
    });
    expect(lines.flat()).toEqual([]);
    expect(gateway.service.seen).toEqual([]);
  }

  it('each kind of key with the scope reaches the service, which learns whose it is', async () => {
    for (const kind of KINDS) {
      const { status, headers } = await gateway.ask({ path: SCOPED, headers: await keyWith(kind, 'invoices:read') });
      expect([kind, status, headers['ratelimit-policy']]).toEqual([kind, 200, expect.stringContaining(';q=')]);
    }
    const orgs = gateway.service.seen.map(({ headers }) => headers['x-gatehouse-org']);
    expect(orgs).toEqual(KINDS.map(() => maker.org.id));
  });

  it('a missing, malformed, unknown, expired or revoked credential is 401 as on a native route', async () => {
    const credentials: Record<string, Headers> = { nothing: {}, ...malformedCredentials(await maker.good('org JWT')) };
    for (const kind of KINDS) {
      const revoked = { [`revoked ${kind}`]: await maker.revoked(kind) };
      Object.assign(credentials, await maker.unknown(kind), await maker.expired(kind), revoked);
    }
    await expectRefusedAlike(401, toAnyKey(credentials));
  });

  it('a credential of a partner or a session is 401 as on a native route', async () => {
    const others = { partner: await maker.good('partner JWT'), session: await maker.good('session') };
    await expectRefusedAlike(401, toAnyKey(others));
  });

  it('an address that the key does not allow is 403 as on a native route', async () => {
    await expectRefusedAlike(403, toAnyKey(await ofEachKind((kind) => maker.fromElsewhere(kind))));
  });

  it('a key of an inactive partner is 401 as on a native route', async () => {
    await expectRefusedAlike(401, toAnyKey(Object.fromEntries(await maker.orphaned(KINDS))));
  });

  it('a full limit is 429 as on a native route', async () => {
    const limited = await ofEachKind((kind) => keyWith(kind, 'invoices:read', 1));
    for (const headers of Object.values(limited)) await gateway.askDirectly({ path: '/whoami', headers });
    await expectRefusedAlike(429, toAnyKey(limited));
  });

  it('a missing scope is 403 as on a native route', async () => {
    const agentRoute = `/v1/open/contacts/chatbots/${await maker.agentOf(maker.org)}`;
    const attempts: Attempt[] = [];
    for (const kind of KINDS) {
      const [scope, native] = kind === 'key + secret' ? ['contacts:create', agentRoute] : ['contacts:read', '/tags'];
      attempts.push({ what: kind, headers: await keyWith(kind, scope), native });
    }
    await expectRefusedAlike(403, attempts);
  });

  it('a request that no route matches is 403 with and without a credential', async () => {
    const keys = { ...(await ofEachKind((kind) => keyWith(kind, 'invoices:read'))), nothing: {} };
    for (const [what, headers] of Object.entries(keys)) {
      const { status, body } = await gateway.ask({ method: 'DELETE', path: SCOPED, headers });
      expect({ what, status, message: JSON.parse(body).message }).toEqual({
        what,
        status: 403,
        message: 'No route of service "billing" matches DELETE /invoices/7.',
      });
    }
    expect(gateway.service.seen).toEqual([]);
  });

  it('a refusal of HEAD has the headers of GET, and no body', async () => {
    const headers = { ...REQUEST_ID, ...(await keyWith('org key', 'contacts:read')) };
    const [head, get] = [
      await gateway.ask({ method: 'HEAD', path: SCOPED, headers }),
      await gateway.ask({ path: SCOPED, headers }),
    ];
    expect([head.status, head.body]).toEqual([403, '']);
    expect({ ...comparable(head), body: '' }).toEqual({ ...comparable(get), body: '' });
  });

  it('every answer to a rotated key says when it ends', async () => {
    const headers = await maker.rotated('org JWT');
    const [through, direct] = [
      await gateway.ask({ path: SCOPED, headers }),
      await gateway.askDirectly({ path: '/whoami', headers }),
    ];
    const ending = ({ status, headers: { deprecation, sunset } }: typeof through) => ({ status, deprecation, sunset });
    expect(ending(through)).toEqual(ending(direct));
    expect(ending(through)).toMatchObject({ status: 200, sunset: expect.any(String) });
  });
});
