import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Principal } from '../../access/principal/principal.js';
import type { SigningKeys } from '../../tenancy/signing-keys/signing-keys.service.js';
import { Assertions } from './assertions.js';

let signed = 0;
let failure: Error | undefined;
let assertions: Assertions;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: 1_700_000_000_000 });
  signed = 0;
  failure = undefined;
  const signAssertion = async () => {
    if (failure !== undefined) throw failure;
    return `token ${++signed}`;
  };
  assertions = new Assertions({ signAssertion } as unknown as SigningKeys);
});
afterEach(() => void vi.useRealTimers());

const newPrincipal = () =>
  new Principal({
    audience: 'org',
    id: 'key',
    name: 'Key',
    partnerActive: true,
    scopes: null,
    allowedOrigins: [],
    expiresAtMs: Infinity,
    windows: [],
  });
const ask = (principal: Principal, service = 'billing') => assertions.for(principal, service, () => ({}));

it('an assertion is used again while it has 30 s left, and then replaced', async () => {
  const principal = newPrincipal();
  expect(await ask(principal)).toBe('token 1');
  vi.setSystemTime(1_700_000_030_000);
  expect(ask(principal)).toBe('token 1');
  vi.setSystemTime(1_700_000_030_001);
  expect(await ask(principal)).toBe('token 2');
});

it('a clock that is set back does not prolong an assertion', async () => {
  const principal = newPrincipal();
  await ask(principal);
  vi.setSystemTime(1_600_000_000_000);
  expect(await ask(principal)).toBe('token 2');
});

it('concurrent requests of a principal to a service share one signature', async () => {
  const principal = newPrincipal();
  const tokens = await Promise.all([ask(principal), ask(principal), ask(principal, 'shop'), ask(newPrincipal())]);
  expect(tokens).toEqual(['token 1', 'token 1', 'token 2', 'token 3']);
});

it('a failed signature is not remembered', async () => {
  const principal = newPrincipal();
  failure = new Error('no key');
  await expect(ask(principal)).rejects.toThrow('no key');
  failure = undefined;
  expect(await ask(principal)).toBe('token 1');
});
