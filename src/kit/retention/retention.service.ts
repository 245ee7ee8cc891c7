import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { SYSTEM } from '../audit/actor.js';
import type { Change } from '../audit/audit-entry.entity.js';
import { Changes } from '../audit/changes.js';
import { Database } from '../../core/database/database.js';
import { defineScheduledJob } from '../../core/jobs/job.js';
import { Jobs } from '../../core/jobs/jobs.service.js';
import { LOG, type Log } from '../../core/logging/log.js';
import { Months } from './months.js';
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

const DAY_MS = 86_400_000;

/**
 * Makes the next months of divided tables, and removes the rows whose retention is over: whole months at once, others in
 * batches. A run that is stopped leaves the rest to the next one.
 */
@Injectable()
export class Retention implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
    private readonly changes: Changes,
    private readonly months: Months,
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
    const keep = async <T>(work: Promise<T>) => work.catch((error: unknown) => void failures.push(error));
    await keep(this.months.makeNext(signal));
    for (const rule of this.rules) {
      for (const month of (await keep(this.#dropMonths(rule, signal))) ?? []) deleted[month] = { before: 1, after: 0 };
      const count = await keep(this.#clean(rule, signal));
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

  /** @returns the names of the dropped partitions */
  async #dropMonths({ table, byMonth }: RetentionRule, signal: AbortSignal): Promise<string[]> {
    if (byMonth === undefined) return [];
    const dropped: string[] = [];
    const beforeMs = Date.now() - byMonth.days * DAY_MS;
    for (let name = await this.months.dropOldest(table, beforeMs, signal); name !== null;) {
      this.log.info({ table, month: name }, 'a month whose time is over was dropped');
      dropped.push(name);
      name = await this.months.dropOldest(table, beforeMs, signal);
    }
    return dropped;
  }

  async #clean(rule: RetentionRule, signal: AbortSignal): Promise<number> {
    const { table } = rule;
    const isOver = await this.#conditionOf(rule);
    if (isOver === undefined) return 0;
    // Locked rows wait for the next run. The condition twice, because partitions have rows with the same ctid.
    const text = `DELETE FROM ${table} WHERE ${isOver} AND ctid = ANY (ARRAY(
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

  /** The first partition has rows of many months, which go one by one. @returns undefined: no row has to */
  async #conditionOf({ table, isOver, byMonth }: RetentionRule): Promise<string | undefined> {
    if (byMonth === undefined) return isOver;
    const end = await this.months.endOfFirst(table);
    return end === null ? undefined : `${byMonth.key} < '${end}' AND ${isOver}`;
  }
}
