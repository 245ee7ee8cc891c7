import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { SYSTEM } from '../audit/actor.js';
import type { Change } from '../audit/audit-entry.entity.js';
import { Changes } from '../audit/changes.js';
import { Database } from '../../core/database/database.js';
import { defineScheduledJob } from '../../core/jobs/job.js';
import { Jobs } from '../../core/jobs/jobs.service.js';
import { LOG, type Log } from '../../core/logging/log.js';
import { RETENTION_RULES, type RetentionRule } from './retention-rule.js';

/** Runs hourly on one process. */
export const RETENTION = defineScheduledJob({
  name: 'retention',
  schedule: '17 * * * *',
  retries: 2,
  retryAfterSeconds: 60,
  secondsMax: 1_800,
});

/** Small enough for the statement timeout and for short row locks. */
const ROWS_PER_BATCH = 1_000;

/** Deletes the rows whose retention is over, in batches. A run that is stopped leaves the rest to the next one. */
@Injectable()
export class Retention implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
    private readonly changes: Changes,
    @Inject(RETENTION_RULES) private readonly rules: readonly RetentionRule[],
    @Inject(LOG) private readonly log: Log,
  ) {}

  onModuleInit(): void {
    this.jobs.handle(RETENTION, { run: (_input, signal) => this.#run(signal) });
  }

  /** A failing table must not keep the others from being cleaned. */
  async #run(signal: AbortSignal): Promise<void> {
    const failures: unknown[] = [];
    const deleted: Record<string, Change> = {};
    for (const rule of this.rules) {
      const count = await this.#clean(rule, signal).catch((error: unknown) => void failures.push(error));
      if (count) deleted[rule.table] = { before: count, after: 0 };
    }
    if (Object.keys(deleted).length > 0) await this.#audit(deleted);
    if (failures.length > 0) throw failures[0];
  }

  /** Records the number of deleted rows per table, because the deletion loses data. */
  async #audit(changes: Record<string, Change>): Promise<void> {
    const target = { type: 'installation', id: null, name: 'rows whose time is over' };
    await this.changes.change(SYSTEM, async (_manager, record) =>
      record({ action: 'retention.applied', orgId: null, target, changes }),
    );
  }

  async #clean({ table, isOver }: RetentionRule, signal: AbortSignal): Promise<number> {
    // Locked rows wait for the next run.
    const text = `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(
      SELECT ctid FROM ${table} WHERE ${isOver} LIMIT ${ROWS_PER_BATCH} FOR UPDATE SKIP LOCKED))`;
    let deleted = 0;
    let batch: number;
    do {
      batch = (await this.database.pool.query(text)).rowCount ?? 0;
      deleted += batch;
    } while (batch === ROWS_PER_BATCH && !signal.aborted);
    if (deleted > 0) this.log.info({ table, deleted }, 'rows whose time is over were deleted');
    return deleted;
  }
}
