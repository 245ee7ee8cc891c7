import { Injectable } from '@nestjs/common';
import { hash, verify } from 'argon2';
import { accessErrors } from '../errors/access.errors.js';
import { BoundedMap } from '../../core/cache/bounded-map.js';
import { digestOf } from './credential-format.js';
import { isBcrypt, verifyBcrypt } from './verify-bcrypt.js';

/** 19 MiB, two passes, one lane: OWASP's argon2id floor; the library's default costs twenty times as much. */
const ARGON2 = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
// More would occupy all threads of libuv's pool, which DNS and files need too.
const RUNNING_MAX = 2;
const WAITING_PER_KEY_MAX = 3;
const WAITING_MAX = 50;
const VERIFIED_MAX = 10_000;

export function hashSecret(secret: string): Promise<string> {
  return hash(secret, ARGON2);
}

/**
 * Verifies secrets with argon2 or bcrypt, off the event loop, with bounded concurrency. Caches successes without a lease: that a
 * secret matches a stored hash can't go stale.
 */
@Injectable()
export class SecretVerifier {
  readonly #verified = new BoundedMap<string, true>(VERIFIED_MAX);
  readonly #running = new Map<string, Promise<boolean>>();
  readonly #queue: (() => void)[] = [];
  readonly #waitingPerKey = new Map<string, number>();
  #active = 0;
  /** How often a hash was computed; read by metrics and tests. */
  verifications = 0;

  /** Queued secrets. */
  get waiting(): number {
    return this.#queue.length;
  }

  /**
   * @param keyId bounds the queued secrets of one key
   * @throws AppError verification_busy (503) when the queue is full
   */
  async matches(secret: string, secretHash: string, keyId: string): Promise<boolean> {
    const fact = digestOf(`${secretHash}\0${secret}`);
    if (this.#verified.get(fact)) return true;
    const joined = this.#running.get(fact);
    if (joined) return joined;
    const verification = this.#verify(fact, secret, secretHash, keyId).finally(() => this.#running.delete(fact));
    this.#running.set(fact, verification);
    return verification;
  }

  /**
   * Hashes a new secret, in the same queue.
   * @param ownerId bounds the queued secrets of one owner
   * @throws AppError verification_busy (503) when the queue is full
   */
  hash(secret: string, ownerId: string): Promise<string> {
    return this.#inTurn(ownerId, () => hashSecret(secret));
  }

  #verify(fact: string, secret: string, secretHash: string, keyId: string): Promise<boolean> {
    return this.#inTurn(keyId, async () => {
      this.verifications++;
      const matches = await (isBcrypt(secretHash) ? verifyBcrypt(secretHash, secret) : verify(secretHash, secret));
      if (matches) this.#verified.set(fact, true);
      return matches;
    });
  }

  async #inTurn<T>(keyId: string, work: () => Promise<T>): Promise<T> {
    await this.#turn(keyId);
    try {
      return await work();
    } finally {
      const next = this.#queue.shift();
      // The next queued verification takes over the slot, so `#active` stays.
      if (next) next();
      else this.#active--;
    }
  }

  async #turn(keyId: string): Promise<void> {
    if (this.#active < RUNNING_MAX) {
      this.#active++;
      return;
    }
    const waiting = this.#waitingPerKey.get(keyId) ?? 0;
    if (waiting >= WAITING_PER_KEY_MAX || this.#queue.length >= WAITING_MAX) throw accessErrors.verification_busy();
    this.#waitingPerKey.set(keyId, waiting + 1);
    await new Promise<void>((resolve) => this.#queue.push(resolve));
    const left = this.#waitingPerKey.get(keyId)! - 1;
    if (left === 0) this.#waitingPerKey.delete(keyId);
    else this.#waitingPerKey.set(keyId, left);
  }
}
