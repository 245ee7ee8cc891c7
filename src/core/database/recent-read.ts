/**
 * A value that many ask for and that changes rarely: one load serves everyone who asks while it runs and, once it has
 * succeeded, for a while after it.
 */
export class RecentRead<T> {
  #open: Promise<T> | undefined;
  /** Monotonic milliseconds. */
  #keptUntilMs = 0;

  /** @param keptMs from the start of a load, so that no value is older than that when it is answered from memory */
  constructor(
    private readonly keptMs: number,
    private readonly load: () => Promise<T>,
  ) {}

  /** @throws what the load throws, which isn't kept */
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

  /** The next to ask starts a load of its own. */
  forget(): void {
    this.#open = undefined;
  }

  #settle(load: Promise<T>, keptUntilMs: number): void {
    if (this.#open === load) this.#keptUntilMs = keptUntilMs;
  }
}
