import type { Wire } from '../../core/wire/wire-json.js';
import { firstIdOf, timeOf } from './entry-ids.js';
import type { RequestView } from './request-view.dto.js';

/**
 * How late an entry may appear. A process stores its entries up to a second after their time, later when it is busy or
 * its clock is behind.
 */
const LATE_MS = 10_000;
/** How far back a client that reconnects is served. */
const RESUME_MS = 10 * 60_000;
export const READ_MAX = 500;

export type Entry = Wire<RequestView>;

/** The entries after an id, without those seen, oldest first; at most `READ_MAX`. */
export type ReadLater = (after: string, seenIds: readonly string[]) => Promise<readonly Entry[]>;

/**
 * Follows the request log. Each read looks back over the time in which entries can appear late, and remembers the ids
 * that it has returned in this time.
 */
export class Tail {
  readonly #seen = new Set<string>();
  #after: string;

  private constructor(
    private readonly read: ReadLater,
    after: string,
  ) {
    this.#after = after;
  }

  /**
   * Starts now, or after the last entry that the client has.
   * @returns the tail, and the entries that the client missed
   */
  static async start(read: ReadLater, lastId?: string): Promise<{ tail: Tail; missed: Entry[] }> {
    const now = Date.now();
    const last = lastId ?? firstIdOf(now);
    const tail = new Tail(read, firstIdOf(Math.min(Math.max(timeOf(last), now - RESUME_MS), now - LATE_MS)));
    const missed: Entry[] = [];
    for (let mayHaveMore = true; mayHaveMore;) {
      const { entries, isFull } = await tail.next();
      missed.push(...entries.filter(({ id }) => id > last));
      mayHaveMore = isFull;
    }
    return { tail, missed };
  }

  /** `isFull`: more entries may wait. */
  async next(): Promise<{ readonly entries: readonly Entry[]; readonly isFull: boolean }> {
    const after = firstIdOf(Date.now() - LATE_MS);
    const entries = await this.read(this.#after, [...this.#seen]);
    for (const { id } of entries) this.#seen.add(id);
    const isFull = entries.length === READ_MAX;
    // While entries wait, the client is behind, and the time to look back over grows.
    if (!isFull && after > this.#after) this.#moveTo(after);
    return { entries, isFull };
  }

  #moveTo(after: string): void {
    this.#after = after;
    for (const id of this.#seen) if (id < after) this.#seen.delete(id);
  }
}
