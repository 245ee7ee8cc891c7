import { lookup, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { buildConnector, Client } from 'undici';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AllowedHosts } from '../../src/kit/outbound/allowed-hosts.js';
import { guardedConnect } from '../../src/kit/outbound/guarded-connect.js';
import { Outbound, type OutboundHead, type OutboundRequest } from '../../src/kit/outbound/outbound.js';
import { StubServer } from '../support/stub-server.js';

const BOUNDS = { timeoutMs: 60_000, bodyBytesMax: 10_000, redirectsMax: 3 };

/** An allowed host. */
let provider: StubServer;
/** Another allowed host. */
let other: StubServer;
/** A host that is not allowed and must never receive a connection. */
let secret: StubServer;
let outbound: Outbound;
beforeAll(async () => {
  [provider, other, secret] = await Promise.all([StubServer.start(), StubServer.start(), StubServer.start()]);
  outbound = new Outbound(new AllowedHosts([`127.0.0.1:${provider.port}`, `127.0.0.1:${other.port}`]));
});
afterAll(() => Promise.all([provider, other, secret].map((stub) => stub.close())));
beforeEach(() => {
  for (const stub of [provider, other, secret]) stub.seen.length = 0;
});
afterEach(() => expect(secret.connections).toBe(0));

const ask = (url: string, more: Partial<OutboundRequest> = {}) => outbound.ask({ url, ...BOUNDS, ...more });
/** Callers only see `unreachable`; the message for the log tells whether a connection was refused. */
const outcomeOf = ({ reason, message }: Error & { reason?: string }) =>
  reason === 'unreachable' && / is (no URL|not https|not on the public internet)$/.test(message)
    ? 'refused'
    : (reason ?? message);
/** The reason of the failure. */
const failure = (url: string, more?: Partial<OutboundRequest>) =>
  ask(url, more).then(({ status }) => `answered ${status}`, outcomeOf);

describe('the outbound client refuses a host that is not public:', () => {
  it.each([
    '127.0.0.1',
    '127.0.0.2',
    '127.1',
    '2130706433',
    '0x7f000001',
    '0x7f.0.0.1',
    '017700000001',
    '0177.0.0.1',
    '127.0.0.1.',
    '0.0.0.0',
    '0',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[0:0:0:0:0:ffff:7f00:0001]',
    '[::127.0.0.1]',
    '１２７.0.0.1',
    '127。0。0。1',
    'localhost',
    'LOCALHOST.',
  ])('https://%s', async (host) => {
    expect(await failure(`https://${host}:${secret.port}/`)).toMatch(/^(refused|unreachable)$/);
    expect(await failure(`http://${host}:${secret.port}/`)).toBe('refused');
    const plain = await failure(`http://${host}:${secret.port}/`, { allowsHttp: true });
    expect(plain).toMatch(/^(refused|unreachable)$/);
  });

  it('with any other scheme', async () => {
    for (const scheme of ['http', 'ftp', 'file', 'gopher', 'data', 'ws']) {
      expect(await failure(`${scheme}://127.0.0.1:${secret.port}/`), scheme).toBe('refused');
    }
  });

  it.each([301, 302, 303, 307, 308])('after a redirect (%i)', async (status) => {
    for (const target of [
      `https://127.0.0.1:${secret.port}/`,
      `http://127.0.0.1:${secret.port}/`,
      `https://localhost:${secret.port}/`,
      `//[::ffff:127.0.0.1]:${secret.port}/`,
      `https://2130706433:${secret.port}/`,
    ]) {
      provider.answers(status, {}, { location: target });
      expect(await failure(provider.url), target).toBe('refused');
    }
  });

  it('after several redirects', async () => {
    provider.answers(302, {}, { location: other.url });
    other.answers(302, {}, { location: `https://localhost:${secret.port}/` });
    expect(await failure(provider.url)).toBe('refused');
    expect(other.seen).toHaveLength(1);
  });
});

describe('a host name', () => {
  /** Treat 127.0.0.1 as public, because tests must not connect to real hosts. */
  const isPublic = (address: string) => address === '127.0.0.1';
  /** A resolver that returns these answers in order, then repeats the last one. */
  function changing(...answers: string[][]) {
    const look = { ups: 0 };
    const resolve: LookupFunction = (_hostname, options, callback) => {
      const addresses = answers[Math.min(look.ups++, answers.length - 1)]!;
      const found = addresses.map((address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 }));
      if (options.all) callback(null, found);
      else callback(null, found[0]!.address, found[0]!.family);
    };
    return { look, resolve };
  }
  async function dial(resolve: LookupFunction, port: number): Promise<string> {
    const client = new Client(`http://rebinding.example:${port}`, {
      connect: guardedConnect(buildConnector, resolve, isPublic),
    });
    try {
      const { statusCode } = await client.request({ path: '/', method: 'GET' });
      return `answered ${statusCode}`;
    } catch (error) {
      return outcomeOf(error as Error);
    } finally {
      await client.destroy();
    }
  }
  /** The same port on an address that counts as private. */
  let trap: StubServer;
  let front: StubServer;
  beforeAll(async () => {
    front = await StubServer.start('127.0.0.1');
    trap = await StubServer.start('127.0.0.2', front.port);
  });
  afterAll(() => Promise.all([front.close(), trap.close()]));

  it('is resolved once, and the checked address is used', async () => {
    const { look, resolve } = changing(['127.0.0.1'], ['127.0.0.2']);
    expect(await dial(resolve, front.port)).toBe('answered 200');
    expect(look.ups).toBe(1);
    expect(await dial(resolve, front.port)).toBe('refused');
    expect(trap.connections).toBe(0);
  });

  it.each([[['127.0.0.1', '127.0.0.2']], [['127.0.0.2', '127.0.0.1']], [['127.0.0.1', '::1']]])(
    'with a private address among others is refused: %j',
    async (addresses) => {
      expect(await dial(changing(addresses).resolve, front.port)).toBe('refused');
      expect(trap.connections).toBe(0);
    },
  );

  it('without an address, or with a failing look-up, is unreachable', async () => {
    expect(await dial(changing([]).resolve, front.port)).toContain('has no address');
    const failing: LookupFunction = (_hostname, _options, callback) => callback(new Error('SERVFAIL'), []);
    expect(await dial(failing, front.port)).toContain('SERVFAIL');
  });

  it('of this machine is resolved by the system resolver, and refused', async () => {
    expect(await dial(lookup as LookupFunction, front.port)).toMatch(/ENOTFOUND|EAI_AGAIN/);
    expect(await failure(`https://localhost:${secret.port}/`)).toBe('refused');
  });
});

it('a private address, a failed look-up, a closed port and broken TLS are indistinguishable', async () => {
  const closed = await StubServer.start();
  await closed.close();
  const named = (answer: (callback: Parameters<LookupFunction>[2]) => void) =>
    new Outbound(new AllowedHosts([]), (_hostname, _options, callback) => answer(callback));
  const known = new Outbound(new AllowedHosts([`127.0.0.1:${closed.port}`, `127.0.0.1:${provider.port}`]));
  const failures = {
    'a private address': [outbound, `https://127.0.0.1:${secret.port}/`],
    'a name with a private address': [
      named((callback) => callback(null, [{ address: '10.0.0.1', family: 4 }])),
      'https://internal.example/',
    ],
    'no such name': [named((callback) => callback(new Error('ENOTFOUND'), [])), 'https://nowhere.example/'],
    'a name without an address': [named((callback) => callback(null, [])), 'https://nothing.example/'],
    'a closed port': [known, closed.url],
    'a server that speaks no TLS': [known, `https://127.0.0.1:${provider.port}/`],
    'no https': [outbound, `http://127.0.0.1:${secret.port}/`],
  } as const;
  const reasons = await Promise.all(
    Object.entries(failures).map(async ([what, [from, url]]) => {
      const failed = await from.ask({ url, ...BOUNDS }).catch((error: { reason?: string }) => error);
      return [what, (failed as { reason?: string }).reason];
    }),
  );
  expect(reasons).toEqual(Object.keys(failures).map((what) => [what, 'unreachable']));
});

describe('a response', () => {
  it('has status and body, and the request is sent unchanged', async () => {
    provider.answers(418, { short: 'and stout' });
    const sent = { method: 'POST', headers: { 'x-key': 'a b' }, body: '{"a":1}' } as const;
    const { status, body } = await ask(`${provider.url}/v1/tea?cups=2`, sent);
    expect([status, body.toString()]).toEqual([418, '{"short":"and stout"}']);
    expect(provider.seen).toMatchObject([
      { method: 'POST', path: '/v1/tea?cups=2', headers: { 'x-key': 'a b' }, body: '{"a":1}' },
    ]);
  });

  it('after a redirect got the headers within the origin, and none at another origin', async () => {
    const headers = { authorization: 'Basic c2VjcmV0' };
    provider.answer = (request, response) =>
      request.url === '/a'
        ? response.writeHead(302, { location: '/b' }).end()
        : response.writeHead(307, { location: `${other.url}/c` }).end();
    other.answers(200);
    await ask(`${provider.url}/a`, { headers });
    expect(provider.seen.map(({ headers: { authorization } }) => authorization)).toEqual(
      Array(2).fill(headers.authorization),
    );
    expect(other.seen.map(({ path, headers: { authorization } }) => [path, authorization])).toEqual([
      ['/c', undefined],
    ]);
  });

  it('that redirects is returned if redirects are not enabled', async () => {
    provider.answers(302, {}, { location: `https://127.0.0.1:${secret.port}/` });
    const { status, headers } = await outbound.ask({ url: provider.url, timeoutMs: 60_000, bodyBytesMax: 10 });
    expect([status, headers['location']]).toEqual([302, `https://127.0.0.1:${secret.port}/`]);
  });

  it('whose head is rejected is returned without its body', async () => {
    let isOpen = true;
    provider.answer = (_request, response) => {
      response.on('close', () => (isOpen = false));
      response.writeHead(200, { 'content-type': 'video/mp4' }).write('x');
    };
    const acceptsBody = ({ headers }: OutboundHead) => headers['content-type'] !== 'video/mp4';
    expect(await ask(provider.url, { acceptsBody })).toMatchObject({ status: 200, body: Buffer.of() });
    await expect.poll(() => isOpen).toBe(false);
  });

  it('is aborted with the reason of the signal', async () => {
    provider.answer = () => undefined;
    const ending = new AbortController();
    const asked = ask(provider.url, { signal: ending.signal });
    await expect.poll(() => provider.seen.length).toBe(1);
    ending.abort(new Error('the server ends'));
    await expect(asked).rejects.toThrow('the server ends');
    await expect(ask(provider.url, { signal: ending.signal })).rejects.toThrow('the server ends');
    expect(provider.seen).toHaveLength(1);
  });

  it('of endless redirects is an error', async () => {
    provider.answers(302, {}, { location: '/again' });
    expect(await failure(provider.url)).toBe('too_many_redirects');
    expect(provider.seen).toHaveLength(BOUNDS.redirectsMax + 1);
  });

  it('that never ends is aborted at the size limit', async () => {
    let isOpen = true;
    provider.answer = (_request, response) => {
      response.on('close', () => (isOpen = false));
      const more = () => isOpen && response.write('x'.repeat(1_000), () => setImmediate(more));
      more();
    };
    expect(await failure(provider.url)).toBe('answer_too_large');
    await expect.poll(() => isOpen).toBe(false);
  });

  it('may have the size limit, and not one byte more', async () => {
    provider.answer = (_request, response) => response.end('x'.repeat(BOUNDS.bodyBytesMax));
    expect(await failure(provider.url)).toBe('answered 200');
    provider.answer = (_request, response) => response.end('x'.repeat(BOUNDS.bodyBytesMax + 1));
    expect(await failure(provider.url)).toBe('answer_too_large');
  });

  it.each<[string, StubServer['answer']]>([
    ['never begins', () => undefined],
    ['never ends, a byte at a time', (_, response) => void setInterval(() => response.write('x'), 20).unref()],
    ['stops in the middle', (_, response) => void response.writeHead(200, { 'content-length': '5' }).write('12')],
  ])('that %s is aborted at the timeout', async (_what, answer) => {
    provider.answer = answer;
    expect(await failure(provider.url, { timeoutMs: 300 })).toBe('timeout');
  });

  it('after several redirects has one timeout for all', async () => {
    provider.answer = (_, response) => void setTimeout(() => response.writeHead(302, { location: '/' }).end(), 100);
    expect(await failure(provider.url, { timeoutMs: 250, redirectsMax: 100 })).toBe('timeout');
  });

  it('that is malformed, truncated or missing is an error', async () => {
    provider.answer = (_, response) => void response.socket!.end('nonsense\r\n\r\n');
    expect(await failure(provider.url)).toBe('unreachable');
    provider.answer = (_, response) => void response.socket!.destroy();
    expect(await failure(provider.url)).toBe('unreachable');
    provider.answer = (_, response) =>
      void response.socket!.end(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(100_000)}\r\n\r\n`);
    expect(await failure(provider.url)).toBe('unreachable');
    const gone = await StubServer.start();
    await gone.close();
    const allowing = new Outbound(new AllowedHosts(['127.0.0.1']));
    const refused = allowing.ask({ url: gone.url, ...BOUNDS });
    await expect(refused).rejects.toMatchObject({ reason: 'unreachable' });
  });
});
