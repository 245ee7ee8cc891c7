/** Seconds. From what memory answers to what a client no longer waits for. */
export const DURATION_BOUNDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5] as const;

/** A histogram that costs a hot request next to nothing: plain numbers, made into Prometheus's form when asked for. */
export class Durations {
  /** How many were as long as each bound, but longer than the one before; the last is beyond all. */
  readonly counts: number[] = new Array<number>(DURATION_BOUNDS.length + 1).fill(0);
  sumSeconds = 0;

  add(seconds: number): void {
    let bucket = 0;
    while (bucket < DURATION_BOUNDS.length && seconds > DURATION_BOUNDS[bucket]!) bucket++;
    this.counts[bucket]!++;
    this.sumSeconds += seconds;
  }
}
