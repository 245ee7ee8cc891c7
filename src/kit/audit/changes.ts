import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { waitUntilInForce } from '../../access/freshness/in-force.js';
import { Database } from '../../core/database/database.js';
import { inTransaction, whenCommitted } from '../../core/database/transaction.js';
import type { Actor } from './actor.js';
import { AuditChains, type AuditRecord } from './audit-chains.js';

/** Records an action of the transaction. The audit entry commits with it. */
export type Recorder = (record: AuditRecord) => void;

/** Runs every administrative change. */
@Injectable()
export class Changes {
  constructor(
    private readonly database: Database,
    private readonly chains: AuditChains,
  ) {}

  /**
   * Runs `work` and appends its audit records in one transaction. Resolves once every process applies the change, so
   * that no later request sees the old state. It also waits if nothing changed: the change may come from an earlier
   * attempt whose process crashed before it had waited.
   */
  async change<T>(actor: Actor, work: (manager: EntityManager, record: Recorder) => Promise<T>): Promise<T> {
    const result = await inTransaction(this.database.dataSource, async (manager) => {
      const records: AuditRecord[] = [];
      const outcome = await work(manager, (record) => void records.push(record));
      for (const record of records) this.chains.append(manager, actor, record);
      return outcome;
    });
    await whenCommitted(() => waitUntilInForce(this.database.query));
    return result;
  }
}
