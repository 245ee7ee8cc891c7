import type { RatePolicy, RateStanding } from './rate-limit-headers.js';

/** A fixed window that starts with its first hit. */
export interface RateWindow extends RatePolicy {
  /** The counter's name, such as `key-min:<id>`. */
  readonly key: string;
  /** Other callers are charged to it too. Shared windows come after a caller's own. */
  readonly isShared?: true;
}

export interface Charge {
  /** One per window, in the order given. */
  readonly standings: readonly RateStanding[];
  /** The full window; undefined: the request passed and was charged to every window. */
  readonly refusedBy: RateWindow | undefined;
}
