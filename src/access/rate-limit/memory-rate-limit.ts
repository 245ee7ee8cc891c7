import { Injectable } from '@nestjs/common';
import { RateLimitStorage } from './rate-limit-storage.js';
import type { RateStanding } from './rate-limit-headers.js';
import type { Charge, RateWindow } from './rate-window.js';

interface Counter {
  hits: number;
  /** Monotonic milliseconds. */
  endsAt: number;
}

/** How often counters of past windows are let go; they are wrong for nobody meanwhile. */
const SWEEP_EVERY_MS = 60_000;

/** Exact within one process: checking and charging are one synchronous step. */
@Injectable()
export class MemoryRateLimit extends RateLimitStorage {
  readonly #counters = new Map<string, Counter>();
  #sweepAt = 0;
  override readonly mode = 'alone';

  /** @param now monotonic milliseconds */
  constructor(private readonly now: () => number = () => performance.now()) {
    super();
  }

  override charge(windows: readonly RateWindow[]): Charge {
    const now = this.now();
    if (now >= this.#sweepAt) this.#sweep(now);
    const counters: Counter[] = new Array(windows.length);
    let refusedBy: RateWindow | undefined;
    for (let index = 0; index < windows.length; index++) {
      const window = windows[index]!;
      const counter = this.#counterOf(window.key, window.windowSeconds * 1000, now);
      counters[index] = counter;
      if (counter.hits >= window.limit) refusedBy ??= window;
    }
    if (refusedBy === undefined) for (const counter of counters) counter.hits++;
    return { refusedBy, standings: counters.map((counter, index) => standingOf(counter, windows[index]!, now)) };
  }

  override close(): void {
    this.#counters.clear();
  }

  override increment = async (key: string, ttlMs: number, limit: number, _blockMs: number, name: string) => {
    const now = this.now();
    const counter = this.#counterOf(`${name}:${key}`, ttlMs, now);
    const isBlocked = counter.hits >= limit;
    if (!isBlocked) counter.hits++;
    const timeToExpire = Math.max(1, Math.ceil((counter.endsAt - now) / 1000));
    return { totalHits: counter.hits, timeToExpire, isBlocked, timeToBlockExpire: isBlocked ? timeToExpire : 0 };
  };

  #counterOf(key: string, lengthMs: number, now: number): Counter {
    let counter = this.#counters.get(key);
    if (counter === undefined) {
      counter = { hits: 0, endsAt: now + lengthMs };
      this.#counters.set(key, counter);
    } else if (now >= counter.endsAt) {
      counter.hits = 0;
      counter.endsAt = now + lengthMs;
    }
    return counter;
  }

  #sweep(now: number): void {
    this.#sweepAt = now + SWEEP_EVERY_MS;
    for (const [key, counter] of this.#counters) if (now >= counter.endsAt) this.#counters.delete(key);
  }
}

function standingOf(counter: Counter, window: RateWindow, now: number): RateStanding {
  return {
    name: window.name,
    remaining: window.limit - counter.hits,
    resetSeconds: Math.max(1, Math.ceil((counter.endsAt - now) / 1000)),
  };
}
