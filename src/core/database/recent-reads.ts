import { BoundedMap } from '../cache/bounded-map.js';

interface Kept<T> {
  readonly value: T;
  /** Monotonic milliseconds. */
  readonly untilMs: number;
}

interface Reads<T> {
  readonly kept: BoundedMap<string, Kept<T>>;
  /** Not in the bounded map, so that keys without a value displace none that has one. */
  readonly running: Map<string, Promise<T>>;
}

/** `RecentRead` for many keys. Keeps the values that were used last. */
export class RecentReads<T> {
  #reads: Reads<T>;

  /**
   * @param keptMs counts from the start of a load
   * @param isKept false: the value is shared by the callers that wait for it, and not kept
   */
  constructor(
    private readonly keptMs: number,
    private readonly valuesMax: number,
    private readonly isKept: (value: T) => boolean,
  ) {
    this.#reads = this.#none();
  }

  /**
   * @param load depends on nothing but the key
   * @throws what the load throws; a failure isn't kept
   */
  async get(key: string, load: () => Promise<T>): Promise<T> {
    const { kept, running } = this.#reads;
    const recent = kept.get(key);
    if (recent !== undefined && performance.now() < recent.untilMs) return recent.value;
    let read = running.get(key);
    if (read === undefined) {
      read = this.#load(kept, key, load).finally(() => running.delete(key));
      running.set(key, read);
    }
    return read;
  }

  /** Later calls start their own loads. */
  forget(): void {
    this.#reads = this.#none();
  }

  async #load(kept: Reads<T>['kept'], key: string, load: () => Promise<T>): Promise<T> {
    const untilMs = performance.now() + this.keptMs;
    const value = await load();
    if (this.isKept(value)) kept.set(key, { value, untilMs });
    return value;
  }

  #none(): Reads<T> {
    return { kept: new BoundedMap(this.valuesMax), running: new Map() };
  }
}
