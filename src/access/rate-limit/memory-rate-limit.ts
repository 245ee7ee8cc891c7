import { Injectable } from '@nestjs/common';
import { type LimitMode, RateLimitStorage } from './rate-limit-storage.js';
import type { RateStanding } from './rate-limit-headers.js';
import type { Charge, RateWindow } from './rate-window.js';

export interface Counter {
  hits: number;
  /** Monotonic milliseconds. */
  endsAt: number;
  /** Of the hits, those that Redis counts too. */
  known: number;
  /** The number of outages of Redis before it was last asked. */
  outages: number;
}

/** How often counters of past windows are deleted. */
const SWEEP_EVERY_MS = 60_000;

/** Exact within one process: check and charge are one synchronous step. */
@Injectable()
export class MemoryRateLimit extends RateLimitStorage {
  readonly #counters = new Map<string, Counter>();
  #sweepAt = 0;
  override readonly mode: LimitMode = 'alone';

  protected readonly now: () => number;

  /** @param now monotonic milliseconds */
  constructor(now: () => number = () => performance.now()) {
    super();
    // Whole milliseconds: with fractions the rest of a minute can round up to 61 seconds.
    this.now = () => Math.floor(now());
  }

  override charge(windows: readonly RateWindow[]): Charge {
    return this.#settle(windows, this.now(), 1);
  }

  override look(windows: readonly RateWindow[]): Charge {
    return this.#settle(windows, this.now(), 0);
  }

  #settle(windows: readonly RateWindow[], now: number, hits: 0 | 1): Charge {
    const counters: (Counter | undefined)[] = new Array(windows.length);
    let refusedBy: RateWindow | undefined;
    for (let index = 0; index < windows.length; index++) {
      const counter = this.openCounter(windows[index]!.key, now);
      counters[index] = counter;
      if (counter !== undefined && counter.hits >= windows[index]!.limit) refusedBy ??= windows[index];
    }
    if (refusedBy === undefined && hits === 1) {
      for (let index = 0; index < windows.length; index++) {
        const { key, windowSeconds } = windows[index]!;
        (counters[index] ??= this.start(key, now, now + windowSeconds * 1000)).hits++;
      }
    }
    return { refusedBy, standings: counters.map((counter, index) => standingOf(counter, windows[index]!, now)) };
  }

  /** The number of open windows. */
  get size(): number {
    return this.#counters.size;
  }

  override close(): void {
    this.#counters.clear();
  }

  /** Undefined: no window is open. Only a hit that passes opens one. */
  protected openCounter(key: string, now: number): Counter | undefined {
    const counter = this.#counters.get(key);
    return counter !== undefined && now < counter.endsAt ? counter : undefined;
  }

  protected start(key: string, now: number, endsAt: number): Counter {
    if (now >= this.#sweepAt) this.#sweep(now);
    const counter = { hits: 0, endsAt, known: 0, outages: 0 };
    this.#counters.set(key, counter);
    return counter;
  }

  #sweep(now: number): void {
    this.#sweepAt = now + SWEEP_EVERY_MS;
    for (const [key, counter] of this.#counters) if (now >= counter.endsAt) this.#counters.delete(key);
  }
}

function standingOf(counter: Counter | undefined, window: RateWindow, now: number): RateStanding {
  const { name, limit, windowSeconds } = window;
  if (counter === undefined) return { name, remaining: limit, resetSeconds: windowSeconds };
  return {
    name,
    remaining: limit - counter.hits,
    resetSeconds: Math.max(1, Math.ceil((counter.endsAt - now) / 1000)),
  };
}
