import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Database } from '../../core/database/database.js';
import { isDatabaseAway } from '../../core/errors/postgres-error.js';

/** This month and three more, so that months without a working job queue do no harm. */
const MONTHS_AHEAD = 3;
/** A change of partitions waits 0.3 s for others, then lets them go on. */
const ATTEMPTS = 20;
const AGAIN_MS = 2_000;

/** The partitions of tables that are divided into months in UTC (migration 0111): made ahead of time, dropped when old. */
@Injectable()
export class Months {
  /** Months since the year 0 that this process has made or found. */
  readonly #known = new Set<number>();

  constructor(private readonly database: Database) {}

  /**
   * Makes the months that rows of these times need, if they are missing. Asks the database once for each month, in the
   * surrounding transaction if there is one.
   */
  async assureFor(timesMs: Iterable<number>): Promise<void> {
    const needed = new Set(Array.from(timesMs, monthOf));
    if ([...needed].every((month) => this.#known.has(month))) return;
    await this.database.manager.query(ADD, [withNext(needed)]);
    for (const month of needed) this.#known.add(month);
  }

  /** To be called when a partition turns out to be missing. */
  forget(): void {
    this.#known.clear();
  }

  /** Makes this month and the next ones. */
  async makeNext(signal: AbortSignal, nowMs = Date.now()): Promise<void> {
    await this.#patiently(signal, ADD, [withNext([monthOf(nowMs)])]);
  }

  /**
   * Drops the oldest month of a table, if all of it is before that time.
   * @returns its name; null: no month is that old, or the job has to end
   */
  async dropOldest(table: string, beforeMs: number, signal: AbortSignal): Promise<string | null> {
    const before = new Date(beforeMs).toISOString().slice(0, 10);
    const rows = await this.#patiently(signal, 'SELECT drop_oldest_month($1, $2) AS name', [table, before]);
    return (rows[0]?.['name'] as string | null | undefined) ?? null;
  }

  /** @returns the end of the first partition, which has all older rows, as a value of the partition key; null: it is gone */
  async endOfFirst(table: string): Promise<string | null> {
    const { rows } = await this.database.query(
      'SELECT month_bound($1, ends) AS bound FROM month_partitions($1) WHERE is_first',
      [table],
    );
    return (rows[0]?.['bound'] as string | undefined) ?? null;
  }

  async #patiently(signal: AbortSignal, text: string, values: unknown[]): Promise<Record<string, unknown>[]> {
    for (let attempt = 1; !signal.aborted; attempt++) {
      try {
        return (await this.database.query(text, values)).rows;
      } catch (error) {
        if (attempt === ATTEMPTS || !isDatabaseAway(error)) throw error;
        await pause(AGAIN_MS, undefined, { ref: false });
      }
    }
    return [];
  }
}

const ADD = 'SELECT add_month(month) FROM unnest($1::date[]) month ORDER BY month';

/** The first days of these months and of those after each. */
function withNext(months: Iterable<number>): string[] {
  const all = [...months].flatMap((month) => Array.from({ length: MONTHS_AHEAD + 1 }, (_, ahead) => month + ahead));
  return [...new Set(all)].map(firstDayOf);
}

function monthOf(ms: number): number {
  const date = new Date(ms);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

function firstDayOf(month: number): string {
  return new Date(Date.UTC(Math.floor(month / 12), month % 12)).toISOString().slice(0, 10);
}
