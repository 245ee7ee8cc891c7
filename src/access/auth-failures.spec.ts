import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AppError } from '../errors/app-error.js';
import { AuthFailures } from './auth-failures.js';

const LIMIT = 3;

let failures: AuthFailures;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
  failures = new AuthFailures(LIMIT);
});
afterEach(() => void vi.useRealTimers());

function fail(address: string | undefined, times = LIMIT): void {
  for (let failure = 0; failure < times; failure++) failures.count(address);
}

function refusal(address: string | undefined): AppError | undefined {
  try {
    failures.throwIfTooMany(address);
    return undefined;
  } catch (error) {
    return error as AppError;
  }
}

describe('AuthFailures', () => {
  it('lets an address try until it has failed as often as the limit says', () => {
    fail('203.0.113.7', LIMIT - 1);
    expect(refusal('203.0.113.7')).toBe(undefined);
    fail('203.0.113.7', 1);
    expect(refusal('203.0.113.7')?.code).toBe('rate_limited');
    expect(refusal('203.0.113.8')).toBe(undefined);
  });

  it('says how long to wait, to the second, and lets it try again then', () => {
    fail('203.0.113.7');
    vi.advanceTimersByTime(20_500);
    expect(refusal('203.0.113.7')).toMatchObject({
      message: 'Rate limit exceeded: 3 requests per minute.',
      details: { headers: { 'Retry-After': '40' } },
    });
    vi.advanceTimersByTime(39_500);
    expect(refusal('203.0.113.7')).toBe(undefined);
    fail('203.0.113.7', LIMIT - 1);
    expect(refusal('203.0.113.7')).toBe(undefined);
  });

  it.each([
    ['2001:db8:0:1::1', '2001:db8:0:1:ffff:ffff:ffff:ffff'],
    ['2001:db8:0:1::', '2001:db8:0:1:2::'],
    ['2001:db8::1', '2001:db8:0:0:1::1'],
    ['::1', '::2'],
    ['::', '0:0:0:0:1:2:3:4'],
  ])('takes %s and %s for one client: they are of one /64', (one, other) => {
    fail(one);
    expect(refusal(other)?.code).toBe('rate_limited');
  });

  it.each([
    ['2001:db8:0:1::1', '2001:db8:0:2::1'],
    ['2001:db8::1', '2001:db8:0:1::1'],
    ['::1', '1::1'],
    ['203.0.113.7', '203.0.113.6'],
    ['203.0.113.7', undefined],
  ])('takes %s and %s for two clients', (one, other) => {
    fail(one);
    expect(refusal(other)).toBe(undefined);
  });

  it('counts all clients together whose address nobody can tell', () => {
    fail(undefined);
    expect(refusal(undefined)?.code).toBe('rate_limited');
  });

  it('remembers 100,000 addresses and lets the oldest go', () => {
    fail('oldest');
    for (let address = 0; address < 99_999; address++) fail(`address ${address}`, 1);
    expect(refusal('oldest')?.code).toBe('rate_limited');
    fail('one more', 1);
    expect(refusal('oldest')).toBe(undefined);
  });
});
