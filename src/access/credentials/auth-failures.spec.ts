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
      const judge = () => new Promise<boolean>((resolve) => this.#ends.push(resolve));
      void failures.attempt('203.0.113.7', judge, failed).then(
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
  it('lets a network try until it has failed as often as the limit says', async () => {
    await fail('203.0.113.7', LIMIT - 1);
    expect(refusal('203.0.113.7')).toBe(undefined);
    await fail('203.0.113.7', 1);
    expect(refusal('203.0.113.7')?.code).toBe('rate_limited');
    expect(refusal('203.0.113.8')).toBe(undefined);
  });

  it('says how long to wait, to the second, and lets it try again then', async () => {
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

  it('remembers 100,000 networks and lets the oldest go', async () => {
    await fail('oldest');
    for (let address = 0; address < 99_999; address++) await fail(`address ${address}`, 1);
    expect(refusal('oldest')?.code).toBe('rate_limited');
    await fail('one more', 1);
    expect(refusal('oldest')).toBe(undefined);
  });

  it('lets no more attempts be pending than may still fail, and refuses the rest when they have failed', async () => {
    const attempts = new OpenAttempts();
    attempts.arrive(10);
    expect(await attempts.started()).toBe(LIMIT);
    await attempts.end([false, false, false]);
    expect(attempts.results.sort()).toEqual([false, false, false, ...Array<string>(7).fill('rate_limited')]);
  });

  it('lets any number of good attempts through in turn', async () => {
    const attempts = new OpenAttempts();
    attempts.arrive(10);
    for (let rounds = 0; rounds < 10; rounds++) {
      expect(await attempts.started()).toBeGreaterThan(0);
      await attempts.end([true]);
    }
    expect(attempts.results).toEqual(Array<boolean>(10).fill(true));
    expect(refusal('203.0.113.7')).toBe(undefined);
  });

  it('counts no attempt that a fault has ended', async () => {
    const away = async () => Promise.reject(new Error('the database is away'));
    for (let attempt = 0; attempt < LIMIT; attempt++) {
      await expect(failures.attempt('203.0.113.7', away, () => true)).rejects.toThrow('the database is away');
    }
    expect(refusal('203.0.113.7')).toBe(undefined);
  });
});
