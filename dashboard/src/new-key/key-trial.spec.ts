import { expect, it } from 'vitest';
import type { MintedKey } from '../api/keys';
import { EXAMPLE_SERVICE } from '../services/example-service';
import { EXAMPLE_KEY } from '../keys/example-key';
import { canTry, tryKey } from './key-trial';

const MINTED: MintedKey = { key: EXAMPLE_KEY, token: 'TOKEN', secret: undefined };
const CALL = { service: EXAMPLE_SERVICE, method: 'GET', path: '/invoices' };

interface Sent {
  readonly path: string;
  readonly init: RequestInit;
}

/** Answers each request with the body. */
function server(status: number, body: object) {
  const sent: Sent[] = [];
  const send = (path: string, init: RequestInit) => {
    sent.push({ path, init });
    return Promise.resolve(Response.json(body, { status }));
  };
  return { sent, send };
}

it('a new key is tried with its own credential, and without the session', async () => {
  const { sent, send } = server(200, {});
  expect(await tryKey(MINTED, undefined, send)).toEqual({ isAllowed: true, message: 'GET /whoami answered 200.' });
  expect(sent).toMatchObject([{ path: '/whoami', init: { credentials: 'omit' } }]);
  expect(new Headers(sent[0]!.init.headers).get('authorization')).toBe('Bearer TOKEN');
});

it('a key with a secret is sent in its two headers', async () => {
  const { sent, send } = server(200, {});
  await tryKey({ ...MINTED, secret: 'SECRET' }, undefined, send);
  expect(Object.fromEntries(new Headers(sent[0]!.init.headers))).toEqual({
    'x-api-key': 'TOKEN',
    'x-api-secret': 'SECRET',
  });
});

it('a request to a service is judged, not sent to it', async () => {
  const { sent, send } = server(200, { allowed: true, message: 'Allowed.' });
  expect(await tryKey(MINTED, CALL, send)).toMatchObject({ isAllowed: true });
  expect(sent[0]).toMatchObject({ path: '/whoami/check', init: { method: 'POST' } });
  expect(JSON.parse(String(sent[0]!.init.body))).toEqual({
    service: EXAMPLE_SERVICE.service,
    method: 'GET',
    path: '/invoices',
  });
  const refusing = server(200, { allowed: false, message: 'It lacks a scope.' });
  expect(await tryKey(MINTED, CALL, refusing.send)).toEqual({ isAllowed: false, message: 'It lacks a scope.' });
});

it('a refusal is shown with its status and message', async () => {
  const { send } = server(403, { message: 'This address is not allowed.' });
  expect(await tryKey(MINTED, undefined, send)).toEqual({
    isAllowed: false,
    message: 'The server answered 403: This address is not allowed.',
  });
});

it('a key for the pages of other sites cannot be tried from the dashboard', () => {
  expect(canTry(MINTED)).toBe(true);
  expect(canTry({ ...MINTED, key: { ...EXAMPLE_KEY, allowed_origins: ['example.com'] } })).toBe(false);
});
