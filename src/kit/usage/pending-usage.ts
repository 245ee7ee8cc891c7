import type { RefusalReason } from '../../access/decision/refusal-reasons.js';
import type { MeteredKey, UsageCounter } from '../../access/ports/usage-meter.js';

/** The counts that a flush stores for one key and hour. */
export interface UsageRow {
  readonly keyId: string;
  readonly orgId: string | null;
  readonly hour: Date;
  readonly requests: number;
  readonly refused: number;
  readonly lastUsedAt: Date;
}

const HOUR_MS = 3_600_000;

/** Counts requests of the current hour in memory. It runs on every request, so counting is two additions. */
export class PendingUsage {
  #touched: Counter[] = [];
  #closed: UsageRow[] = [];
  #hourMs: number;

  constructor(now = Date.now()) {
    this.#hourMs = startOfHour(now);
  }

  counterOf({ profile: { id, org_id } }: MeteredKey): UsageCounter {
    return new Counter(id, org_id, this);
  }

  /** Closes the counts of the previous hour if a request arrives in another one. */
  enterHourOf(nowMs: number): void {
    if (nowMs >= this.#hourMs && nowMs < this.#hourMs + HOUR_MS) return;
    this.#closed.push(...this.#takeTouched());
    this.#hourMs = startOfHour(nowMs);
  }

  /** Registers a counter for the next flush. Called once per counter and flush. */
  touch(counter: Counter): void {
    this.#touched.push(counter);
  }

  /** Returns the counts since the last call and resets the counters. */
  take(): UsageRow[] {
    const rows = [...this.#closed, ...this.#takeTouched()];
    this.#closed = [];
    return rows;
  }

  #takeTouched(): UsageRow[] {
    const hour = new Date(this.#hourMs);
    const rows = this.#touched.map((counter) => counter.take(hour));
    this.#touched = [];
    return rows;
  }
}

class Counter implements UsageCounter {
  #requests = 0;
  #refused = 0;
  #lastUsedAtMs = 0;
  #isTouched = false;

  constructor(
    private readonly keyId: string,
    private readonly orgId: string | null,
    private readonly pending: PendingUsage,
  ) {}

  countRequest(nowMs: number): void {
    this.pending.enterHourOf(nowMs);
    this.#touch();
    this.#requests++;
    this.#lastUsedAtMs = nowMs;
  }

  countRefusal(_reason: RefusalReason): void {
    this.#touch();
    this.#refused++;
  }

  countRejection(_reason: RefusalReason): void {}

  countScope(_scope: string): void {}

  #touch(): void {
    if (this.#isTouched) return;
    this.#isTouched = true;
    this.pending.touch(this);
  }

  take(hour: Date): UsageRow {
    const row = {
      keyId: this.keyId,
      orgId: this.orgId,
      hour,
      requests: this.#requests,
      refused: this.#refused,
      lastUsedAt: new Date(this.#lastUsedAtMs),
    };
    this.#requests = 0;
    this.#refused = 0;
    this.#isTouched = false;
    return row;
  }
}

function startOfHour(nowMs: number): number {
  return nowMs - (nowMs % HOUR_MS);
}
