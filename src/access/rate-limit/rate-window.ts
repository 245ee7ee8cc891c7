import type { RatePolicy, RateStanding } from './rate-limit-headers.js';

/** A fixed window that starts with its first hit. */
export interface RateWindow extends RatePolicy {
  /** The counter's name, such as `key-min:<id>`. */
  readonly key: string;
  /**
   * The outermost owner of the request's windows: its partner, else its org, else its caller. All windows of a request
   * have the same tag, and a window has the same tag in all requests, so that one slot of a Redis Cluster has them.
   */
  readonly tag: string;
  /** Other callers are charged to it too. Shared windows come after a caller's own. */
  readonly isShared?: true;
}

export interface Charge {
  /** One per window, in the order given. */
  readonly standings: readonly RateStanding[];
  /** The full window; undefined: the request passed and was charged to every window. */
  readonly refusedBy: RateWindow | undefined;
}
