/**
 * Caches a value that is often read and rarely changes. Callers share the load that is running and, after it succeeded,
 * its value for a while.
 */
export class RecentRead<T> {
  #open: Promise<T> | undefined;
  /** Monotonic milliseconds. */
  #keptUntilMs = 0;

  /** @param keptMs counts from the start of a load, so that a cached value is never older */
  constructor(
    private readonly keptMs: number,
    private readonly load: () => Promise<T>,
  ) {}

  /** @throws what the load throws; a failure isn't cached */
  get(): Promise<T> {
    if (this.#open !== undefined && performance.now() < this.#keptUntilMs) return this.#open;
    const open = this.load();
    this.#open = open;
    this.#keptUntilMs = Infinity;
    const startedAt = performance.now();
    open.then(
      () => this.#settle(open, startedAt + this.keptMs),
      () => this.#settle(open, 0),
    );
    return open;
  }

  /** The next call starts a load. */
  forget(): void {
    this.#open = undefined;
  }

  #settle(load: Promise<T>, keptUntilMs: number): void {
    if (this.#open === load) this.#keptUntilMs = keptUntilMs;
  }
}
