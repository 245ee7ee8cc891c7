import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { Database } from '../../core/database/database.js';
import { defineScheduledJob } from '../../core/jobs/job.js';
import { Jobs } from '../../core/jobs/jobs.service.js';
import { LOG, type Log } from '../../core/logging/log.js';
import { isUuid } from '../../core/wire/row-id.js';
import { FileStores } from './stores/file-stores.js';
import type { ListedFile } from './stores/object-store.js';

export const ORPHAN_SWEEP = defineScheduledJob({
  name: 'orphaned-objects',
  schedule: '17 3 * * *',
  retries: 2,
  retryAfterSeconds: 600,
  secondsMax: 7_200,
});

/** A row is there before its object, so that this only bounds errors of the clocks. */
const GRACE_MS = 24 * 3_600_000;
const ROWS = 'SELECT id FROM stored_files WHERE id = ANY ($1::uuid[])';

export interface OrphanCount {
  readonly objects: number;
  readonly bytes: number;
  /** Objects without a row that other databases wrote, or that are no files. They stay. */
  readonly others: number;
}

/**
 * Deletes objects without a row: late writes of uploads that had timed out, and files that a release up to 0.1 released.
 * It deletes only objects that this database wrote: after the restore of a dump, which is another database, all stay.
 */
@Injectable()
export class OrphanedObjects implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
    private readonly stores: FileStores,
    @Inject(LOG) private readonly log: Log,
  ) {}

  onModuleInit(): void {
    this.jobs.handle(ORPHAN_SWEEP, { run: (_input, signal) => this.#run(signal) });
  }

  /**
   * Counts the orphans, and deletes them if asked to.
   * @param before only objects last written before
   * @throws ObjectStorageFailure
   */
  async sweep({ before, isDeleting, signal }: SweepOptions): Promise<OrphanCount> {
    const { s3 } = this.stores;
    const count = { objects: 0, bytes: 0, others: 0 };
    if (s3 === undefined) return count;
    for await (const page of s3.list()) {
      const old = page.filter(({ modifiedAt }) => modifiedAt < before);
      for (const { id, bytes } of await this.#withoutRow(old)) {
        signal?.throwIfAborted();
        if (!isUuid(id) || !(await s3.isOwn(id))) count.others++;
        else {
          if (isDeleting) await s3.remove(id);
          count.objects++;
          count.bytes += bytes;
        }
      }
    }
    return count;
  }

  /** Rows are read after the list: a row is inserted before its object and deleted after it, and ids never come back. */
  async #withoutRow(listed: readonly ListedFile[]): Promise<readonly ListedFile[]> {
    const ids = listed.map(({ id }) => id).filter(isUuid);
    const { rows } = await this.database.pool.query<{ id: string }>(ROWS, [ids]);
    const known = new Set(rows.map(({ id }) => id));
    return listed.filter(({ id }) => !known.has(id));
  }

  async #run(signal: AbortSignal): Promise<void> {
    const before = new Date(Date.now() - GRACE_MS);
    const count = await this.sweep({ before, isDeleting: true, signal });
    if (count.objects + count.others > 0) this.log.warn(count, 'the object storage had objects without a row');
  }
}

export interface SweepOptions {
  readonly before: Date;
  readonly isDeleting: boolean;
  readonly signal?: AbortSignal;
}
