import type { LogEntry } from './log-entry.js';
import type { Outcome } from './request-log-entry.entity.js';

/** A request to add. The entry is made only if it is kept. */
export interface Candidate {
  /** Requests of one kind are merged without loss. */
  readonly kind: string;
  readonly outcome: Outcome;
  readonly entry: () => LogEntry;
}

/**
 * The entries of one second, at most as many as allowed. Requests beyond that are merged into entries, which count them in
 * their weight: into one of the same kind, or else of the same outcome. An entry of weight w becomes the merged request
 * with the probability 1/w (Ting, "Data Sketches for Disaggregated Subset Sum", 2018). So the sum of weights is exact for
 * all requests and for each outcome, it is exact for each kind unless there are more kinds than entries, and it has the
 * right expectation for any other set, such as the requests of one address.
 */
export class SampledRequests {
  readonly #kinds = new Map<string, LogEntry[]>();
  readonly #last = new Map<Outcome, LogEntry>();
  #count = 0;
  #merged = 0;
  /** No kind has two entries, so none can give one up. */
  #isSpread = false;

  /** @param random like Math.random */
  constructor(
    private readonly entriesMax: number,
    private readonly random: () => number = Math.random,
  ) {}

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  /** The requests that have no entry of their own. */
  get merged(): number {
    return this.#merged;
  }

  add(candidate: Candidate): void {
    const { kind, outcome } = candidate;
    const sameKind = this.#kinds.get(kind);
    if (this.#count < this.entriesMax) return this.#keep(candidate, sameKind);
    if (sameKind !== undefined) return this.#merge(candidate, sameKind.at(-1)!);
    if (this.#giveUpOne()) return this.#keep(candidate, undefined);
    const sameOutcome = this.#last.get(outcome);
    // At most one more entry for each outcome.
    if (sameOutcome === undefined) return this.#keep(candidate, undefined);
    this.#merge(candidate, sameOutcome);
  }

  /** In the order of their time. */
  entries(): LogEntry[] {
    return [...this.#kinds.values()].flat().toSorted((one, other) => one.atMs - other.atMs);
  }

  #keep({ kind, outcome, entry }: Candidate, sameKind: LogEntry[] | undefined): void {
    const kept = entry();
    if (sameKind === undefined) this.#kinds.set(kind, [kept]);
    else sameKind.push(kept);
    this.#last.set(outcome, kept);
    this.#count++;
  }

  #merge({ entry }: Candidate, into: LogEntry): void {
    this.#merged++;
    const weight = into.weight + 1;
    Object.assign(into, this.random() * weight < 1 ? entry() : undefined, { weight });
  }

  /** Merges two entries of the kind that has the most, so that a flood of one kind leaves room for others. */
  #giveUpOne(): boolean {
    if (this.#isSpread) return false;
    let most: LogEntry[] = [];
    for (const entries of this.#kinds.values()) if (entries.length > most.length) most = entries;
    if (most.length < 2) {
      this.#isSpread = true;
      return false;
    }
    const [given, kept] = [most.pop()!, most.at(-1)!];
    const weight = given.weight + kept.weight;
    Object.assign(kept, this.random() * weight < given.weight ? given : undefined, { weight });
    if (this.#last.get(kept.outcome) === given) this.#last.set(kept.outcome, kept);
    this.#count--;
    this.#merged++;
    return true;
  }
}
