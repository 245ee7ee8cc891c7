import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../kit/audit/actor.js';
import { Changes, type Recorder } from '../../kit/audit/changes.js';
import { ApiKey, type SuspensionReason } from './api-key.entity.js';
import { assertNotEnded, type KeyOwner, lockKeyOrThrow, recordKey } from './key-rows.js';

/** Stops keys for a while. Once a method returns, every process refuses the key, or admits it again. */
@Injectable()
export class KeySuspensions {
  constructor(private readonly changes: Changes) {}

  /**
   * Refuses the key until it is resumed. Does nothing to a suspended key, which keeps its first reason.
   * @throws AppError not_found (404), key_inactive (409) for a revoked or expired key
   */
  async suspend(actor: Actor, owner: KeyOwner, keyId: string, reason: SuspensionReason = 'requested'): Promise<void> {
    await this.changes.change(actor, async (manager, record) => {
      const key = await lockKeyOrThrow(manager, owner, keyId);
      assertNotEnded(key);
      if (key.suspended_at === null) await suspendKey(manager, record, key, reason);
    });
  }

  /**
   * Admits a suspended key again. Does nothing to an active one.
   * @throws AppError not_found (404), key_inactive (409) for a revoked or expired key
   */
  async resume(actor: Actor, owner: KeyOwner, keyId: string): Promise<void> {
    await this.changes.change(actor, async (manager, record) => {
      const key = await lockKeyOrThrow(manager, owner, keyId);
      assertNotEnded(key);
      if (key.suspended_at === null) return;
      await manager.update(ApiKey, { id: key.id }, { suspended_at: null, suspension_reason: null });
      recordKey(record, 'api_key.resumed', key, {
        suspended_at: { before: key.suspended_at.toISOString(), after: null },
        suspension_reason: { before: key.suspension_reason, after: null },
      });
    });
  }
}

/** Suspends a locked key that is not suspended. */
export async function suspendKey(
  manager: EntityManager,
  record: Recorder,
  key: ApiKey,
  reason: SuspensionReason,
): Promise<void> {
  const suspendedAt = new Date();
  await manager.update(ApiKey, { id: key.id }, { suspended_at: suspendedAt, suspension_reason: reason });
  recordKey(record, 'api_key.suspended', key, {
    suspended_at: { before: null, after: suspendedAt.toISOString() },
    suspension_reason: { before: null, after: reason },
  });
}
