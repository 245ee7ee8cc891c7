import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { hasEnded } from '../validation/instant.js';
import type { KeyRing } from './key-ring.js';

/** Unvalidated query parameters. */
export interface SignedQuery {
  readonly expires: unknown;
  readonly signature: unknown;
}

/**
 * Signs URLs that are readable without an API key until they expire, like presigned URLs of object stores (HMAC-SHA256).
 * The current key of the ring signs; a signature by any of its keys is valid.
 */
export class LinkSigner {
  readonly #current: Buffer;
  readonly #keys: readonly Buffer[];

  /** Derives the signing keys from those of the ring (HKDF, RFC 5869). */
  constructor({ current, all }: KeyRing) {
    this.#current = signingKeyOf(current.secret);
    this.#keys = all.map(({ secret }) => signingKeyOf(secret));
  }

  /** @returns the path with `expires`, in seconds since 1970, and `signature` */
  sign(path: string, forSeconds: number): string {
    const expires = String(Math.floor(Date.now() / 1000) + forSeconds);
    return `${path}?expires=${expires}&signature=${mac(this.#current, path, expires).toString('base64url')}`;
  }

  allows(path: string, { expires, signature }: SignedQuery): boolean {
    if (typeof expires !== 'string' || typeof signature !== 'string') return false;
    if (hasEnded(Number(expires) * 1000)) return false;
    const given = Buffer.from(signature, 'base64url');
    // The decoder ignores the unused bits of the last character, which would allow several URLs.
    if (given.toString('base64url') !== signature) return false;
    return this.#keys.some((key) => {
      const expected = mac(key, path, expires);
      return given.length === expected.length && timingSafeEqual(given, expected);
    });
  }
}

function signingKeyOf(secret: Buffer): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', 'gatehouse: signed links', 32));
}

function mac(key: Buffer, path: string, expires: string): Buffer {
  return createHmac('sha256', key).update(`${path}?expires=${expires}`).digest();
}
