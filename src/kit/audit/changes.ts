import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { waitUntilInForce } from '../../access/freshness/in-force.js';
import { Database } from '../../core/database/database.js';
import { inTransaction, whenCommitted } from '../../core/database/transaction.js';
import type { Actor } from './actor.js';
import { AuditChains, type AuditRecord } from './audit-chains.js';

/** Notes what the transaction did; the audit gets it with the COMMIT. */
export type Recorder = (record: AuditRecord) => void;

/** Administrative changes go through here, all of them. */
@Injectable()
export class Changes {
  constructor(
    private readonly database: Database,
    private readonly chains: AuditChains,
  ) {}

  /**
   * Runs `work` and writes what it records to the audit, in one transaction, and answers when what it did is in force
   * in every process: no request that starts afterwards is judged by the old state. Waits also when nothing changed,
   * for whoever retries after a crash finds the change made, but nobody has waited for it yet.
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
