import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { Database } from '../../core/database/database.js';
import { defineScheduledJob } from '../../core/jobs/job.js';
import { Jobs } from '../../core/jobs/jobs.service.js';
import { LOG, type Log } from '../../core/logging/log.js';
import { AuditKeys } from './audit-keys.js';
import { keptHeads } from './kept-heads.js';

const OFTEN_TRIED = { retries: 2, retryAfterSeconds: 60, secondsMax: 600 };

/** The heads that changed within the last hour. */
export const LOG_CHANGED_AUDIT_HEADS = defineScheduledJob({
  name: 'audit-heads',
  schedule: '7 * * * *',
  ...OFTEN_TRIED,
});
/** All of them, for logs that are kept for some days only. */
export const LOG_ALL_AUDIT_HEADS = defineScheduledJob({
  name: 'audit-heads-all',
  schedule: '37 0 * * *',
  ...OFTEN_TRIED,
});

/** An hour, and as long as a run may be late. */
const CHANGED_WITHIN_MS = 70 * 60_000;
/** So few that a line stays under 16 KiB, at which Docker's log driver splits lines. */
const HEADS_PER_LINE = 25;

/** Writes the heads of the chains to the log, which leads out of reach of those who can change the database. */
@Injectable()
export class AuditHeadsLog implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
    private readonly keys: AuditKeys,
    @Inject(LOG) private readonly log: Log,
  ) {}

  onModuleInit(): void {
    const changed = () => new Date(Date.now() - CHANGED_WITHIN_MS);
    this.jobs.handle(LOG_CHANGED_AUDIT_HEADS, { run: (_input, signal) => this.#write(signal, changed()) });
    this.jobs.handle(LOG_ALL_AUDIT_HEADS, { run: (_input, signal) => this.#write(signal) });
  }

  async #write(signal: AbortSignal, since?: Date): Promise<void> {
    const { manager } = this.database;
    const { current } = await this.keys.ring(manager);
    for await (const heads of keptHeads(manager, current, since)) {
      signal.throwIfAborted();
      for (let from = 0; from < heads.length; from += HEADS_PER_LINE) {
        // At the level that is on by default: it is of use only where it is always written.
        this.log.warn({ heads: heads.slice(from, from + HEADS_PER_LINE) }, 'audit heads');
      }
    }
  }
}
