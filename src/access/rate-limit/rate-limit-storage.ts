import type { ThrottlerStorage } from '@nestjs/throttler';
import type { Charge, RateWindow } from './rate-window.js';

/** Whether processes share their counts, each has its own, or each counts the requests of a part of Redis alone. */
export type LimitMode = 'shared' | 'partly' | 'alone';

/** Counts requests: in memory for one process, in Redis for several. */
export abstract class RateLimitStorage implements ThrottlerStorage {
  /**
   * Charges one hit to every window, or to none if one of them is full.
   * Of concurrent charges exactly the limit succeeds. The cost doesn't depend on the limit.
   */
  abstract charge(windows: readonly RateWindow[]): Charge | Promise<Charge>;

  /** The standings, and the window that would refuse a charge now. Counts nothing. */
  abstract look(windows: readonly RateWindow[]): Charge | Promise<Charge>;

  abstract readonly mode: LimitMode;

  abstract close(): void;

  /** Serves the stock `ThrottlerGuard` and its decorators: one window at a time, in whole seconds. */
  async increment(
    key: string,
    ttlMs: number,
    limit: number,
    _blockMs: number,
    name: string,
  ): ReturnType<ThrottlerStorage['increment']> {
    const window = { key: `${name}:${key}`, tag: key, name, limit, windowSeconds: Math.ceil(ttlMs / 1000) };
    const { standings, refusedBy } = await this.charge([window]);
    const { remaining, resetSeconds } = standings[0]!;
    const isBlocked = refusedBy !== undefined;
    const timeToBlockExpire = isBlocked ? resetSeconds : 0;
    return { totalHits: limit - remaining, timeToExpire: resetSeconds, isBlocked, timeToBlockExpire };
  }
}
