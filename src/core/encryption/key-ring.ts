import { hkdfSync } from 'node:crypto';

const KEY_ID_BYTES = 8;

/** A key that encrypts secrets at rest. */
export interface EncryptionKey {
  /** Part of every seal made with the key. Reveals nothing about the key. */
  readonly id: Buffer;
  /** 32 bytes. */
  readonly secret: Buffer;
}

/** The keys of an installation: the current one encrypts, all of them decrypt. */
export class KeyRing {
  private constructor(
    readonly current: EncryptionKey,
    /** `current` first. */
    readonly all: readonly EncryptionKey[],
  ) {}

  /** @param secrets 32 bytes each, the current one first */
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
