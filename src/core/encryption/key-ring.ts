import { hkdfSync } from 'node:crypto';

const KEY_ID_BYTES = 8;

/** A key that secrets rest under. */
export interface EncryptionKey {
  /** Stands in every seal made under the key, and says nothing about the key. */
  readonly id: Buffer;
  /** 32 bytes. */
  readonly secret: Buffer;
}

/** The keys of an installation: one seals, all of them open. */
export class KeyRing {
  private constructor(
    /** The one that seals. */
    readonly current: EncryptionKey,
    /** All that open, `current` first. */
    readonly all: readonly EncryptionKey[],
  ) {}

  /** @param secrets 32 bytes each; the first one seals */
  static of(...[first, ...others]: [Buffer, ...Buffer[]]): KeyRing {
    const current = keyOf(first);
    return new KeyRing(current, [current, ...others.map(keyOf)]);
  }

  find(id: Buffer): EncryptionKey | undefined {
    return this.all.find((key) => key.id.equals(id));
  }
}

function keyOf(secret: Buffer): EncryptionKey {
  return { id: Buffer.from(hkdfSync('sha256', secret, '', 'gatehouse: key id', KEY_ID_BYTES)), secret };
}
