import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { EncryptionKey, KeyRing } from './key-ring.js';
import type { Purpose } from './sealed-columns.js';

/** The first bytes of a seal with a key id. An older seal without one starts with its nonce, which is random. */
const MARK = Buffer.from('GHS\x02', 'latin1');
const KEY_ID_BYTES = 8;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** The length of the mark and the key's id. */
export const SEAL_PREFIX_BYTES = MARK.length + KEY_ID_BYTES;

/** Which key a seal names. `unmarked` seals are from before seals named their key. */
export type SealKey = 'current' | 'older' | 'unknown' | 'unmarked';

/**
 * Encrypts secrets at rest with AES-256-GCM. A seal is mark, key id, nonce, tag, ciphertext. The current key of the ring
 * encrypts, each of its keys decrypts.
 */
export class SecretBox {
  /** The first bytes of every seal that this box makes. */
  readonly currentPrefix: Buffer;

  constructor(private readonly ring: KeyRing) {
    this.currentPrefix = Buffer.concat([MARK, ring.current.id]);
  }

  /** @param purpose authenticated with the seal, so that it can't be moved to another column */
  seal(plaintext: string, purpose: Purpose): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.ring.current.secret, nonce).setAAD(Buffer.from(purpose));
    const ciphertext = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
    return Buffer.concat([this.currentPrefix, nonce, cipher.getAuthTag(), ciphertext]);
  }

  /** @throws Error if the key is unknown, the purpose is another, or the seal was altered */
  open(sealed: Buffer, purpose: Purpose): string {
    const text = this.tryOpen(sealed, purpose);
    if (text !== undefined) return text;
    throw new Error(
      `The value encrypted as ${purpose} was altered, or its key is not in ENCRYPTION_KEY or ENCRYPTION_KEYS_OLD.`,
    );
  }

  /** Undefined where `open` throws. */
  tryOpen(sealed: Buffer, purpose: Purpose): string | undefined {
    const named = isMarked(sealed) ? this.ring.find(keyIdIn(sealed)) : undefined;
    const text = named && openWith(named, sealed.subarray(SEAL_PREFIX_BYTES), purpose);
    if (text !== undefined) return text;
    // A nonce can start with the bytes of the mark, so every seal may be an unmarked one.
    return this.ring.all.map((key) => openWith(key, sealed, purpose)).find((opened) => opened !== undefined);
  }

  /** @param prefix at least the first `SEAL_PREFIX_BYTES` bytes of the seal */
  keyOf(prefix: Buffer): SealKey {
    if (!isMarked(prefix)) return 'unmarked';
    const key = this.ring.find(keyIdIn(prefix));
    if (key === undefined) return 'unknown';
    return key === this.ring.current ? 'current' : 'older';
  }
}

function isMarked(sealed: Buffer): boolean {
  return sealed.subarray(0, MARK.length).equals(MARK);
}

function keyIdIn(sealed: Buffer): Buffer {
  return sealed.subarray(MARK.length, SEAL_PREFIX_BYTES);
}

/** Undefined: another key or purpose, or altered. */
function openWith({ secret }: EncryptionKey, body: Buffer, purpose: Purpose): string | undefined {
  const tagEnd = NONCE_BYTES + TAG_BYTES;
  if (body.length < tagEnd) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', secret, body.subarray(0, NONCE_BYTES))
    .setAAD(Buffer.from(purpose))
    .setAuthTag(body.subarray(NONCE_BYTES, tagEnd));
  const text = decipher.update(body.subarray(tagEnd), undefined, 'utf8');
  try {
    return text + decipher.final('utf8');
  } catch {
    return undefined;
  }
}
