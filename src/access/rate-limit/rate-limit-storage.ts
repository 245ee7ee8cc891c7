import type { ThrottlerStorage } from '@nestjs/throttler';
import type { Charge, RateWindow } from './rate-window.js';

/** Counts requests. One process counts in memory, several in Redis, behind this one port. */
export abstract class RateLimitStorage implements ThrottlerStorage {
  /**
   * Charges one hit to every window, or to none when one of them is full: a refused request burns nothing.
   * Of any number of concurrent charges exactly the limit succeeds. Constant cost, whatever the limit.
   */
  abstract charge(windows: readonly RateWindow[]): Charge | Promise<Charge>;

  /** Whether processes share their counts, or each has its own. */
  abstract readonly mode: 'shared' | 'alone';

  abstract close(): void;

  /** The stock throttler's own call, so that its guard and decorators work on this storage too. */
  abstract increment: ThrottlerStorage['increment'];
}
