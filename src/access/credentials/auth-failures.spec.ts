import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AppError } from '../../core/errors/app-error.js';
import { AuthFailures } from './auth-failures.js';

const LIMIT = 3;

let failures: AuthFailures;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
  failures = new AuthFailures(LIMIT);
});
afterEach(() => void vi.useRealTimers());

const failed = (result: boolean) => !result;

async function fail(network: string, times = LIMIT): Promise<void> {
  for (let failure = 0; failure < times; failure++) await failures.attempt(network, async () => false, failed);
}

/** Attempts that end when they are told to, in the order in which they have started. */
class OpenAttempts {
  readonly results: (boolean | string)[] = [];
  readonly #ends: ((result: boolean) => void)[] = [];

  /** Arrives now; starts when the limit lets it. */
  arrive(times: number): void {
    for (let attempt = 0; attempt < times; attempt++) {
      const authenticate = () => new Promise<boolean>((resolve) => this.#ends.push(resolve));
      void failures.attempt('203.0.113.7', authenticate, failed).then(
        (result) => this.results.push(result),
        (error: AppError) => this.results.push(error.code),
      );
    }
  }

  async started(): Promise<number> {
    await setImmediate();
    return this.#ends.length;
  }

  async end(results: readonly boolean[]): Promise<void> {
    for (const result of results) this.#ends.shift()!(result);
    await setImmediate();
  }
}

function refusal(network: string): AppError | undefined {
  try {
    failures.throwIfTooMany(network);
    return undefined;
  } catch (error) {
    return error as AppError;
  }
}

describe('AuthFailures', () => {
  it('allows attempts of a network until its failures reach the limit', async () => {
    await fail('203.0.113.7', LIMIT - 1);
    expect(refusal('203.0.113.7')).toBe(undefined);
    await fail('203.0.113.7', 1);
    expect(refusal('203.0.113.7')?.code).toBe('rate_limited');
    expect(refusal('203.0.113.8')).toBe(undefined);
  });

  it('sends the wait in seconds, and allows attempts again after it', async () => {
    await fail('203.0.113.7');
    vi.advanceTimersByTime(20_500);
    expect(refusal('203.0.113.7')).toMatchObject({
      message: 'Rate limit exceeded: 3 requests per minute.',
      details: { headers: { 'Retry-After': '40' } },
    });
    vi.advanceTimersByTime(39_500);
    expect(refusal('203.0.113.7')).toBe(undefined);
    await fail('203.0.113.7', LIMIT - 1);
    expect(refusal('203.0.113.7')).toBe(undefined);
  });

  it('keeps 100,000 networks and evicts the oldest', async () => {
    await fail('oldest');
    for (let address = 0; address < 99_999; address++) await fail(`address ${address}`, 1);
    expect(refusal('oldest')?.code).toBe('rate_limited');
    await fail('one more', 1);
    expect(refusal('oldest')).toBe(undefined);
  });

  it('bounds pending attempts by the failures that are left, and refuses the rest after they failed', async () => {
    const attempts = new OpenAttempts();
    attempts.arrive(10);
    expect(await attempts.started()).toBe(LIMIT);
    await attempts.end([false, false, false]);
    expect(attempts.results.sort()).toEqual([false, false, false, ...Array<string>(7).fill('rate_limited')]);
  });

  it('passes any number of successful attempts in turn', async () => {
    const attempts = new OpenAttempts();
    attempts.arrive(10);
    for (let rounds = 0; rounds < 10; rounds++) {
      expect(await attempts.started()).toBeGreaterThan(0);
      await attempts.end([true]);
    }
    expect(attempts.results).toEqual(Array<boolean>(10).fill(true));
    expect(refusal('203.0.113.7')).toBe(undefined);
  });

  it('does not count attempts that throw', async () => {
    const away = async () => Promise.reject(new Error('the database is away'));
    for (let attempt = 0; attempt < LIMIT; attempt++) {
      await expect(failures.attempt('203.0.113.7', away, () => true)).rejects.toThrow('the database is away');
    }
    expect(refusal('203.0.113.7')).toBe(undefined);
  });
});
