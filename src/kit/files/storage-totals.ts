import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { CONFIG, type Config } from '../../core/config/config.js';
import { takeTurn } from '../../core/database/transaction.js';
import { fileErrors } from './files.errors.js';

const MEGABYTE = 1024 * 1024;

const ADD = `
  INSERT INTO org_storage (org_id, bytes) VALUES ($1, $2)
  ON CONFLICT (org_id) DO UPDATE SET bytes = org_storage.bytes + excluded.bytes`;
const USED = `
  SELECT bytes - coalesce((SELECT sum(bytes) FROM freed_storage WHERE org_id = $1), 0) AS used
  FROM org_storage WHERE org_id = $1`;
const SETTLE = `
  WITH freed AS (DELETE FROM freed_storage RETURNING org_id, bytes),
    sums AS (SELECT org_id, sum(bytes) AS bytes FROM freed GROUP BY org_id)
  UPDATE org_storage SET bytes = org_storage.bytes - sums.bytes FROM sums WHERE org_storage.org_id = sums.org_id`;

/** Limits the bytes that an org stores: files on disk, and attachments and documents in the database. */
@Injectable()
export class StorageTotals {
  readonly #megabytesMax: number;

  constructor(@Inject(CONFIG) { totals }: Config) {
    this.#megabytesMax = totals.storageMegabytesPerOrg;
  }

  /**
   * Adds bytes in the transaction that stores them. It locks the org's row until COMMIT, so the limit is exact.
   * Triggers record deletions.
   * @throws AppError storage_full (409)
   */
  async add(manager: EntityManager, orgId: string, bytes: number): Promise<void> {
    if (bytes === 0) return;
    await takeTurn(manager, 'storage', orgId);
    await manager.query(ADD, [orgId, bytes]);
    await this.assertRoom(manager, orgId, 0);
  }

  /** @throws AppError storage_full (409) if `bytes` more would exceed the limit */
  async assertRoom(manager: EntityManager, orgId: string, bytes: number): Promise<void> {
    const [total] = (await manager.query(USED, [orgId])) as { used: string }[];
    if (Number(total?.used ?? 0) + bytes <= this.#megabytesMax * MEGABYTE) return;
    throw fileErrors.storage_full({ max: this.#megabytesMax });
  }

  /** Subtracts deleted bytes from the totals. */
  async settle(manager: EntityManager): Promise<void> {
    await manager.query(SETTLE);
  }
}
