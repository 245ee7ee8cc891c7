import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { Database } from '../../core/database/database.js';
import { defineScheduledJob } from '../../core/jobs/job.js';
import { Jobs } from '../../core/jobs/jobs.service.js';
import { LOG, type Log } from '../../core/logging/log.js';
import { AuditKeys } from './audit-keys.js';
import { keptHeads } from './kept-heads.js';

const OFTEN_TRIED = { retries: 2, retryAfterSeconds: 60, secondsMax: 600 };

/** Logs the heads that changed within the last hour. */
export const LOG_CHANGED_AUDIT_HEADS = defineScheduledJob({
  name: 'audit-heads',
  schedule: '7 * * * *',
  ...OFTEN_TRIED,
});
/** Logs all heads daily, for logs with a short retention. */
export const LOG_ALL_AUDIT_HEADS = defineScheduledJob({
  name: 'audit-heads-all',
  schedule: '37 0 * * *',
  ...OFTEN_TRIED,
});

/** An hour plus the delay that a run can have. */
const CHANGED_WITHIN_MS = 70 * 60_000;
/** Keeps a line under 16 KiB, where Docker's log driver splits lines. */
const HEADS_PER_LINE = 25;

/** Copies the heads of the chains to the log, which database administrators can't change. */
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
        // `warn`, because the default log level drops `info`.
        this.log.warn({ heads: heads.slice(from, from + HEADS_PER_LINE) }, 'audit heads');
      }
    }
  }
}
