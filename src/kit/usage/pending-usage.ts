import type { MeteredKey } from '../../access/ports/usage-meter.js';
import type { UsageCounter } from '../../access/principal/usage-counter.js';
import { UsageBatch } from './usage-batch.js';
import { type Counters, CredentialCounter } from './usage-counter.js';

const HOUR_MS = 3_600_000;

/** Counts requests of the current hour in memory. */
export class PendingUsage implements Counters {
  #touched: CredentialCounter[] = [];
  #batch = new UsageBatch();
  #hourMs: number;

  constructor(now = Date.now()) {
    this.#hourMs = startOfHour(now);
  }

  counterOf(key: MeteredKey): UsageCounter {
    return new CredentialCounter(key, this);
  }

  enterHourOf(nowMs: number): void {
    if (nowMs >= this.#hourMs && nowMs < this.#hourMs + HOUR_MS) return;
    this.#moveTouched();
    this.#hourMs = startOfHour(nowMs);
  }

  touch(counter: CredentialCounter): void {
    this.#touched.push(counter);
  }

  /** Returns the counts since the last call and resets the counters. */
  take(): UsageBatch {
    this.#moveTouched();
    const taken = this.#batch;
    this.#batch = new UsageBatch();
    return taken;
  }

  #moveTouched(): void {
    const hour = new Date(this.#hourMs);
    for (const counter of this.#touched) counter.moveTo(this.#batch, hour);
    this.#touched = [];
  }
}

function startOfHour(nowMs: number): number {
  return nowMs - (nowMs % HOUR_MS);
}
