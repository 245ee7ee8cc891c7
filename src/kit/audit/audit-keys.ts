import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { SecretBox } from '../../core/encryption/secret-box.js';
import { AuditKey } from './audit-key.js';

export const AUDIT_KEY_PURPOSE = 'audit_keys.sealed_key';

/** The audit keys that can be decrypted. The newest signs new links. */
export class AuditKeyRing {
  constructor(
    private readonly keys: ReadonlyMap<string, AuditKey>,
    private readonly newestId: string | undefined,
  ) {}

  /** @throws Error if the newest key is missing or can't be decrypted */
  get current(): AuditKey {
    const key = this.find(this.newestId ?? null);
    if (key) return key;
    throw new Error('The key of the audit is missing, or not opened by ENCRYPTION_KEY; "gatehouse doctor" says more.');
  }

  get hasCurrent(): boolean {
    return this.find(this.newestId ?? null) !== undefined;
  }

  find(id: string | null): AuditKey | undefined {
    return id === null ? undefined : this.keys.get(id);
  }
}

/** Caches the audit keys. They never change; an unknown key id in a head triggers a new read. */
@Injectable()
export class AuditKeys {
  #ring: AuditKeyRing | undefined;

  constructor(private readonly secretBox: SecretBox) {}

  /** @param manager of the caller's transaction: waiting for a second connection could exhaust the pool */
  async ring(manager: EntityManager): Promise<AuditKeyRing> {
    return this.#ring ?? this.read(manager);
  }

  /** Reads all keys again, new ones included. */
  async read(manager: EntityManager): Promise<AuditKeyRing> {
    const rows = await manager.query<{ id: string; sealed: Buffer }[]>(
      'SELECT id, sealed_key AS sealed FROM audit_keys ORDER BY created_at, id',
    );
    const opened = rows.flatMap(({ id, sealed }): [string, AuditKey][] => {
      const secret = this.secretBox.tryOpen(sealed, AUDIT_KEY_PURPOSE);
      return secret === undefined ? [] : [[id, new AuditKey(id, Buffer.from(secret, 'base64'))]];
    });
    const ring = new AuditKeyRing(new Map(opened), rows.at(-1)?.id);
    // Don't cache a missing current key: the operator may create one at any time.
    this.#ring = ring.hasCurrent ? ring : undefined;
    return ring;
  }

  forget(): void {
    this.#ring = undefined;
  }
}
