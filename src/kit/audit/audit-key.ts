import { createHmac, hash, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { AuditEntry } from './audit-entry.entity.js';

export const GENESIS_HASH = '0'.repeat(64);
/** SHA-256 without a key, from before audit keys existed. */
export const UNKEYED_VERSION = 1;
export const KEYED_VERSION = 2;

/** An entry as hash input, which excludes its own hash. */
export type Hashed = Omit<AuditEntry, 'hash'> & { readonly hash?: string };

/** The position of a chain's newest entry. */
export interface HeadPosition {
  readonly chain: string;
  readonly sequence: number;
  readonly hash: string;
}

/** An audit key. Each purpose uses its own derived key (HKDF, RFC 5869). */
export class AuditKey {
  readonly #links: Buffer;
  readonly #heads: Buffer;
  readonly #keptHeads: Buffer;

  constructor(
    readonly id: string,
    secret: Buffer,
  ) {
    const derived = (use: string) => Buffer.from(hkdfSync('sha256', secret, '', `gatehouse: audit ${use}`, 32));
    this.#links = derived('links');
    this.#heads = derived('heads');
    this.#keptHeads = derived('kept heads');
  }

  /** Returns the hex hash that binds an entry to all earlier ones. */
  linkHash(previousHash: string, { hash: _, ...entry }: Hashed): string {
    return hmac(this.#links, `${previousHash}\n${canonicalJson(entry)}`);
  }

  headMac({ chain, sequence, hash: headHash }: HeadPosition): string {
    return hmac(this.#heads, canonicalJson({ chain, sequence, hash: headHash }));
  }

  isHeadMac(head: HeadPosition, mac: string | null): boolean {
    return isEqual(mac ?? '', this.headMac(head));
  }

  keptHeadMac(line: object): string {
    return hmac(this.#keptHeads, canonicalJson(line));
  }

  isKeptHeadMac(line: object, mac: string): boolean {
    return isEqual(mac, this.keptHeadMac(line));
  }
}

/** Returns the hash of version 1: SHA-256 of the previous hash and the columns of that time. */
export function unkeyedLinkHash(previousHash: string, { hash: _, version: __, key_id: ___, ...entry }: Hashed): string {
  return hash('sha256', `${previousHash}\n${canonicalJson(entry)}`);
}

function hmac(key: Buffer, text: string): string {
  return createHmac('sha256', key).update(text).digest('hex');
}

function isEqual(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}

/** Serializes with sorted keys, because jsonb doesn't keep their order. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  );
}
