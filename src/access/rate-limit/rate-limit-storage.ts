import type { ThrottlerStorage } from '@nestjs/throttler';
import type { Charge, RateWindow } from './rate-window.js';

/** Counts requests: in memory for one process, in Redis for several. */
export abstract class RateLimitStorage implements ThrottlerStorage {
  /**
   * Charges one hit to every window, or to none if one of them is full.
   * Of concurrent charges exactly the limit succeeds. The cost doesn't depend on the limit.
   */
  abstract charge(windows: readonly RateWindow[]): Charge | Promise<Charge>;

  /** Whether processes share their counts, or each has its own. */
  abstract readonly mode: 'shared' | 'alone';

  abstract close(): void;

  /** The method of ThrottlerStorage, so that @nestjs/throttler's guard and decorators work on this storage. */
  abstract increment: ThrottlerStorage['increment'];
}
