import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { SecretBox } from '../../core/encryption/secret-box.js';
import { AuditKey } from './audit-key.js';

export const AUDIT_KEY_PURPOSE = 'audit_keys.sealed_key';

/** The audit keys that open; the newest one makes new links. */
export class AuditKeyRing {
  constructor(
    private readonly keys: ReadonlyMap<string, AuditKey>,
    private readonly newestId: string | undefined,
  ) {}

  /** @throws Error when the newest one is missing or doesn't open */
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

/** The installation's audit keys, read once: they never change, and a new one is noticed by the heads made under it. */
@Injectable()
export class AuditKeys {
  #ring: AuditKeyRing | undefined;

  constructor(private readonly secretBox: SecretBox) {}

  /** @param manager reads on its own connection, for a transaction that waits for a second one holds up the pool */
  async ring(manager: EntityManager): Promise<AuditKeyRing> {
    return this.#ring ?? this.read(manager);
  }

  /** Also the keys that were made since. */
  async read(manager: EntityManager): Promise<AuditKeyRing> {
    const rows = await manager.query<{ id: string; sealed: Buffer }[]>(
      'SELECT id, sealed_key AS sealed FROM audit_keys ORDER BY created_at, id',
    );
    const opened = rows.flatMap(({ id, sealed }): [string, AuditKey][] => {
      const secret = this.secretBox.tryOpen(sealed, AUDIT_KEY_PURPOSE);
      return secret === undefined ? [] : [[id, new AuditKey(id, Buffer.from(secret, 'base64'))]];
    });
    const ring = new AuditKeyRing(new Map(opened), rows.at(-1)?.id);
    // Without a current key every change looks again, for the operator is about to make one.
    this.#ring = ring.hasCurrent ? ring : undefined;
    return ring;
  }

  /** The next look reads them anew. */
  forget(): void {
    this.#ring = undefined;
  }
}
