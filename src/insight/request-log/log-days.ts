import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { CONFIG, type Config } from '../../core/config/config.js';
import { Database } from '../../core/database/database.js';
import { isDatabaseAway } from '../../core/errors/postgres-error.js';
import { defineScheduledJob } from '../../core/jobs/job.js';
import { Jobs } from '../../core/jobs/jobs.service.js';
import { LOG, type Log } from '../../core/logging/log.js';

const DAY_MS = 86_400_000;
/** Today and two days ahead, so that a day without a working job queue does no harm. */
const DAYS_AHEAD = 2;
/** A drop waits 0.3 s for the readers of the log, then lets them go on. */
const DROP_ATTEMPTS = 20;
const DROP_AGAIN_MS = 2_000;

/** Runs hourly on one process. */
export const REQUEST_LOG_DAYS = defineScheduledJob({
  name: 'request-log-days',
  schedule: '7 * * * *',
  retries: 2,
  retryAfterSeconds: 60,
  secondsMax: 600,
});

/** The partitions of the request log, one for each day in UTC: made ahead of time, and dropped when they are old. */
@Injectable()
export class LogDays implements OnModuleInit {
  /** Days since 1970 that this process has made or found. */
  readonly #known = new Set<number>();

  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
    @Inject(CONFIG) private readonly config: Pick<Config, 'requestLog'>,
    @Inject(LOG) private readonly log: Log,
  ) {}

  onModuleInit(): void {
    this.jobs.handle(REQUEST_LOG_DAYS, { run: (_input, signal) => this.keep(signal) });
  }

  /** Makes the days that entries of these times need, and those after them. Asks the database once for each day. */
  async assureFor(timesMs: readonly number[]): Promise<void> {
    const needed = new Set(timesMs.map(dayOf));
    if ([...needed].every((day) => this.#known.has(day))) return;
    const days = new Set(
      [...needed].flatMap((day) => Array.from({ length: DAYS_AHEAD + 1 }, (_, ahead) => day + ahead)),
    );
    await this.#add([...days]);
    this.#known.clear();
    for (const day of needed) this.#known.add(day);
  }

  /** To be called when a partition turns out to be missing. */
  forget(): void {
    this.#known.clear();
  }

  /** Makes the next days and drops those whose retention is over. */
  async keep(signal: AbortSignal, nowMs = Date.now()): Promise<void> {
    const today = dayOf(nowMs);
    await this.#add(Array.from({ length: DAYS_AHEAD + 1 }, (_, ahead) => today + ahead));
    const before = dateOf(today - this.config.requestLog.days);
    for (let dropped = await this.#dropOldest(before, signal); dropped !== null;) {
      this.log.info({ day: dropped }, 'a day of the request log was dropped');
      dropped = await this.#dropOldest(before, signal);
    }
  }

  async #add(days: readonly number[]): Promise<void> {
    await this.database.query('SELECT add_request_log_day(day) FROM unnest($1::date[]) day', [days.map(dateOf)]);
  }

  /** @returns the dropped day; null: no day is that old, or the job has to end */
  async #dropOldest(before: string, signal: AbortSignal): Promise<string | null> {
    for (let attempt = 1; !signal.aborted; attempt++) {
      try {
        const { rows } = await this.database.query('SELECT drop_oldest_request_log_day($1)::text AS day', [before]);
        return rows[0]!['day'] as string | null;
      } catch (error) {
        if (attempt === DROP_ATTEMPTS || !isDatabaseAway(error)) throw error;
        await pause(DROP_AGAIN_MS, undefined, { ref: false });
      }
    }
    return null;
  }
}

/** Days since 1970. */
function dayOf(ms: number): number {
  return Math.floor(ms / DAY_MS);
}

function dateOf(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}
