/** Bucket bounds in seconds, from an answer out of memory to a client's timeout. */
export const DURATION_BOUNDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5] as const;

/** A histogram in plain numbers, which costs a request almost nothing. The scrape converts it to Prometheus's format. */
export class Durations {
  /** Requests per bucket, not cumulative; the last bucket has no upper bound. */
  readonly counts: number[] = new Array<number>(DURATION_BOUNDS.length + 1).fill(0);
  sumSeconds = 0;

  add(seconds: number): void {
    let bucket = 0;
    while (bucket < DURATION_BOUNDS.length && seconds > DURATION_BOUNDS[bucket]!) bucket++;
    this.counts[bucket]!++;
    this.sumSeconds += seconds;
  }
}
