import { hash } from 'argon2';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { AppError } from '../../core/errors/app-error.js';
import { accessErrors } from '../errors/access.errors.js';
import { errorAnswer } from '../../core/errors/error-answer.js';
import { hashSecret, SecretVerifier } from './secret-verifier.js';

const argon2 = vi.hoisted(() => {
  // Files before this one have loaded it as it is, and those after it want that again.
  vi.resetModules();
  return { running: 0, runningMost: 0 };
});
afterAll(() => {
  vi.doUnmock('argon2');
  vi.resetModules();
});

/** The real library, with a count of how many hashes and verifications run at once. */
vi.mock('argon2', async (importOriginal) => {
  const original = await importOriginal<typeof import('argon2')>();
  async function counted<T>(work: () => Promise<T>): Promise<T> {
    argon2.runningMost = Math.max(argon2.runningMost, ++argon2.running);
    try {
      return await work();
    } finally {
      argon2.running--;
    }
  }
  const verify: typeof original.verify = (...parameters) => counted(() => original.verify(...parameters));
  const hash = (plain: string, options: object) => counted(() => original.hash(plain, options));
  return { ...original, verify, hash };
});

// A hash says itself what verifying it costs; these tests are about turns, not about strength.
const quickHash = (secret: string) => hash(secret, { memoryCost: 1_024, timeCost: 2, parallelism: 1 });
const STORED = await quickHash('right');

/** Each with a secret of its own, so that none joins another. */
function ask(verifier: SecretVerifier, keyIds: readonly string[]): Promise<PromiseSettledResult<boolean>[]> {
  return Promise.allSettled(keyIds.map((keyId, index) => verifier.matches(`wrong ${index}`, STORED, keyId)));
}

function codesOf(results: readonly PromiseSettledResult<boolean>[]): string[] {
  return results.map((result) =>
    result.status === 'fulfilled' ? String(result.value) : (result.reason as AppError).code,
  );
}

const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);

describe('hashSecret', () => {
  it('is argon2id with 19 MiB, two passes and one lane, salted', async () => {
    const [one, other] = await Promise.all([hashSecret('secret'), hashSecret('secret')]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,p=1,t=2\$[\w+/]{22}\$[\w+/]{43}$/);
    expect(other).not.toBe(one);
    expect(await new SecretVerifier().matches('secret', one, 'key')).toBe(true);
  });
});

describe('SecretVerifier', () => {
  it('accepts the right secret only, and none with the same start or end', async () => {
    const verifier = new SecretVerifier();
    const wrong = ['', 'wrong', 'righ', 'rightt', 'Right', 'right\0', ' right'];
    const answers = [];
    for (const secret of wrong) answers.push(await verifier.matches(secret, STORED, 'key'));
    expect(answers).toEqual(times(wrong.length, false));
    expect(await verifier.matches('right', STORED, 'key')).toBe(true);
  });

  it('runs at most two at once, and eventually all', async () => {
    argon2.runningMost = 0;
    const keys = Array.from({ length: 20 }, (_, index) => `key ${index}`);
    expect(codesOf(await ask(new SecretVerifier(), keys))).toEqual(times(20, 'false'));
    expect(argon2.runningMost).toBe(2);
  });

  it('hashes new secrets in the same queue, so that creating keys delays no request for long', async () => {
    argon2.runningMost = 0;
    const verifier = new SecretVerifier();
    const making = Array.from({ length: 5 }, (_, index) => verifier.hash('new', `org ${index}`));
    await ask(verifier, ['one', 'other']);
    expect(new Set(await Promise.all(making)).size).toBe(5);
    expect(argon2.runningMost).toBe(2);
    const flood = await Promise.allSettled(times(7, 'new').map((secret) => verifier.hash(secret, 'org')));
    expect(flood.filter(({ status }) => status === 'rejected')).toHaveLength(2);
  });

  it('runs once for any number of requests with the same key and secret', async () => {
    const verifier = new SecretVerifier();
    const answers = await Promise.all(times(50, 'right').map((secret) => verifier.matches(secret, STORED, 'key')));
    expect(answers).toEqual(times(50, true));
    expect(verifier.verifications).toBe(1);
  });

  it('never runs again for a secret that matched, as long as the stored hash is the same', async () => {
    const verifier = new SecretVerifier();
    for (let request = 0; request < 5; request++) await verifier.matches('right', STORED, 'key');
    expect(verifier.verifications).toBe(1);
    expect(await verifier.matches('right', await quickHash('right'), 'key')).toBe(true);
    expect(await verifier.matches('right', await quickHash('changed'), 'key')).toBe(false);
    expect(verifier.verifications).toBe(3);
  });

  it('runs argon2 for each attempt with a wrong secret', async () => {
    const verifier = new SecretVerifier();
    const answers = [];
    for (let request = 0; request < 3; request++) answers.push(await verifier.matches('wrong', STORED, 'key'));
    expect(answers).toEqual([false, false, false]);
    expect(verifier.verifications).toBe(3);
  });

  it('queues three requests of one key and refuses the next, while other keys may queue', async () => {
    const results = await ask(new SecretVerifier(), [...times(6, 'flooded'), 'honest', 'flooded', 'honest']);
    const [refused, busy] = ['false', 'verification_busy'];
    expect(codesOf(results)).toEqual([...times(5, refused), busy, refused, busy, refused]);
  });

  it('queues 50 requests and refuses the next', async () => {
    const keys = Array.from({ length: 54 }, (_, index) => `key ${index}`);
    const codes = codesOf(await ask(new SecretVerifier(), keys));
    expect(codes).toEqual([...times(52, 'false'), 'verification_busy', 'verification_busy']);
  });

  it('frees every slot after a burst, also after stored hashes that argon2 cannot read', async () => {
    const verifier = new SecretVerifier();
    const broken = times(5, 'broken').map((keyId, index) => verifier.matches(`secret ${index}`, 'no hash', keyId));
    expect((await Promise.allSettled(broken)).map(({ status }) => status)).toEqual(times(5, 'rejected'));
    for (let rush = 0; rush < 3; rush++) {
      expect(codesOf(await ask(verifier, times(5, 'broken')))).toEqual(times(5, 'false'));
    }
  });

  it('answers 503 with Retry-After: 1 when it is too busy', () => {
    expect(errorAnswer(accessErrors.verification_busy(), '/v1/open/contacts', 'id')).toEqual({
      status: 503,
      headers: { 'Retry-After': '1' },
      body: {
        statusCode: 503,
        message: 'Too many secrets are being verified. Try again shortly.',
        code: 'verification_busy',
      },
      log: 'warn',
    });
  });
});
