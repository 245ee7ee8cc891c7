import type { RatePolicy, RateStanding } from './rate-limit-headers.js';

/** A fixed window that starts at its first hit. */
export interface RateWindow extends RatePolicy {
  /** What is counted together, such as `key-min:<id>`. */
  readonly key: string;
  /** Counted together with other callers' requests. Shared windows come after a caller's own. */
  readonly isShared?: true;
}

export interface Charge {
  /** One per window, in the order given. */
  readonly standings: readonly RateStanding[];
  /** The full window that refused; undefined: the request was let through and counted in every window. */
  readonly refusedBy: RateWindow | undefined;
}
