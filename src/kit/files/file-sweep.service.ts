import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { StoreName } from '../../core/config/config.js';
import { Database } from '../../core/database/database.js';
import { inTransaction } from '../../core/database/transaction.js';
import { AppError } from '../../core/errors/app-error.js';
import { defineScheduledJob } from '../../core/jobs/job.js';
import { Jobs } from '../../core/jobs/jobs.service.js';
import { LOG, type Log } from '../../core/logging/log.js';
import { ObjectStorageFailure } from '../../core/object-storage/object-storage-failure.js';
import { StorageTotals } from './storage-totals.js';
import { FileStores } from './stores/file-stores.js';

export const FILE_SWEEP = defineScheduledJob({
  name: 'file-sweep',
  schedule: '*/15 * * * *',
  retries: 2,
  retryAfterSeconds: 60,
  secondsMax: 600,
});

const SWEPT_AT_ONCE = 100;
/** Connections to a store. */
const REMOVED_AT_ONCE = 20;
/** Longer than any upload takes. */
const UPLOAD_HOURS_MAX = 1;
const TAKE = `
  SELECT id, store, also_in FROM stored_files
  WHERE id > $1
    AND (state = 'released' OR (state = 'arriving' AND created_at < now() - interval '${UPLOAD_HOURS_MAX} hour'))
  ORDER BY id LIMIT ${SWEPT_AT_ONCE} FOR UPDATE SKIP LOCKED`;
const UNUSED = `
  SELECT id, store, also_in FROM stored_files WHERE id = ANY ($1) AND state = 'arriving' FOR UPDATE`;
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

/** A row whose file is to be deleted. */
interface Doomed {
  readonly id: string;
  readonly store: StoreName;
  readonly also_in: StoreName | null;
}

/** Deletes files that no row of a feature references: released ones, and what failed or crashed uploads left. */
@Injectable()
export class FileSweep implements OnModuleInit, OnApplicationShutdown {
  #cleaning: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
    private readonly totals: StorageTotals,
    private readonly stores: FileStores,
    @Inject(LOG) private readonly log: Log,
  ) {}

  onModuleInit(): void {
    this.jobs.handle(FILE_SWEEP, { run: (_input, signal) => this.run(signal) });
    // The job may run in a process that doesn't see this disk.
    void this.#clean();
    this.#cleaning = setInterval(() => void this.#clean(), UPLOAD_HOURS_MAX * 3_600_000).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.#cleaning);
  }

  /** Runs the job right after COMMIT. */
  async runSoon(manager: EntityManager): Promise<void> {
    await this.jobs.enqueueScheduled(manager, FILE_SWEEP);
  }

  /**
   * Deletes the files of a failed request unless they are kept: a failed COMMIT may still have succeeded. The job retries
   * failures.
   */
  async discard(ids: readonly string[], reason: unknown): Promise<void> {
    if (ids.length === 0) return;
    try {
      await Promise.all(ids.map((id) => this.stores.arriving.remove(id)));
      // A store that is down would only delay the answer.
      if (reason instanceof AppError && reason.cause instanceof ObjectStorageFailure) return;
      await inTransaction(this.database.dataSource, async (manager) => {
        const failures = await this.#remove(manager, await manager.query(UNUSED, [ids]));
        if (failures.length > 0) throw failures[0];
      });
    } catch (error) {
      this.log.info({ err: error }, 'unused files could not be deleted; a later cleanup deletes them');
    }
  }

  /** The job. It deletes what it can, so that a store that is down doesn't hold up the other one. */
  async run(signal: AbortSignal): Promise<void> {
    await this.totals.settle(this.database.manager);
    const failures: unknown[] = [];
    for (let after = BEFORE_ALL, isMore = true; isMore && !signal.aborted;) {
      await inTransaction(this.database.dataSource, async (manager) => {
        const found: Doomed[] = await manager.query(TAKE, [after]);
        failures.push(...(await this.#remove(manager, found)));
        after = found.at(-1)?.id ?? after;
        isMore = found.length === SWEPT_AT_ONCE;
      });
    }
    if (failures.length > 0) throw failures[0];
  }

  /**
   * Deletes files before rows, so that a crash leaves rows for the next sweep.
   * @returns why files were not deleted
   */
  async #remove(manager: EntityManager, rows: readonly Doomed[]): Promise<unknown[]> {
    const removed: string[] = [];
    const failures: unknown[] = [];
    for (let at = 0; at < rows.length; at += REMOVED_AT_ONCE) {
      const some = rows.slice(at, at + REMOVED_AT_ONCE);
      const endings = await Promise.allSettled(some.map((row) => this.#removeContent(row)));
      endings.forEach((ending, index) => {
        if (ending.status === 'fulfilled') removed.push(some[index]!.id);
        else failures.push(ending.reason);
      });
    }
    if (removed.length > 0) await manager.query('DELETE FROM stored_files WHERE id = ANY ($1)', [removed]);
    return failures;
  }

  /** A move may have left a second copy. */
  async #removeContent({ id, store, also_in }: Doomed): Promise<void> {
    await this.stores.arriving.remove(id);
    await this.stores.of(store).remove(id);
    if (also_in !== null) await this.stores.of(also_in).remove(id);
  }

  async #clean(): Promise<void> {
    try {
      await this.stores.arriving.removeAll((_part, ageMs) => ageMs > UPLOAD_HOURS_MAX * 3_600_000);
    } catch (error) {
      this.log.info({ err: error }, 'old parts of files could not be deleted');
    }
  }
}
