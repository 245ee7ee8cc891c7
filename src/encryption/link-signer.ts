import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { hasEnded } from '../validation/instant.js';

/** As it came in; whatever isn't two texts is no signature. */
export interface SignedQuery {
  readonly expires: unknown;
  readonly signature: unknown;
}

/** Signs addresses that are read without a key until they expire, as object stores presign theirs: HMAC-SHA256. */
export class LinkSigner {
  readonly #key: Buffer;

  /** @param key 32 bytes, from which the signer's own is derived (HKDF, RFC 5869) */
  constructor(key: Buffer) {
    this.#key = Buffer.from(hkdfSync('sha256', key, '', 'gatehouse: signed links', 32));
  }

  /** @returns the path with `expires`, in seconds since 1970, and `signature` */
  sign(path: string, forSeconds: number): string {
    const expires = String(Math.floor(Date.now() / 1000) + forSeconds);
    return `${path}?expires=${expires}&signature=${this.#mac(path, expires).toString('base64url')}`;
  }

  allows(path: string, { expires, signature }: SignedQuery): boolean {
    if (typeof expires !== 'string' || typeof signature !== 'string') return false;
    const expected = this.#mac(path, expires);
    const given = Buffer.from(signature, 'base64url');
    return given.length === expected.length && timingSafeEqual(given, expected) && !hasEnded(Number(expires) * 1000);
  }

  #mac(path: string, expires: string): Buffer {
    return createHmac('sha256', this.#key).update(`${path}?expires=${expires}`).digest();
  }
}
