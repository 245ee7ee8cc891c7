import type { Database } from '../../../core/database/database.js';
import { uuidV7 } from '../../../core/database/uuid-v7.js';
import type { AuditEntry } from '../audit-entry.entity.js';
import type { Range } from './audit-export.entity.js';
import { CAUGHT_UP, DELIVERED, FAILED, GROWN, OWN, PLAN, READ_ENTRIES, RELEASE, SWEEP } from './export-sql.js';
import type { LinkedEntry } from './ocsf-event.js';

/** Chains in memory, beyond which the rest waits in the database. */
const PENDING_CHAINS_MAX = 5_000;
/** Finds what a read by transaction ids can't, such as entries of a restored database. */
const SWEEP_EVERY_MS = 3_600_000;

/** A batch that is planned and not known to be delivered. */
export interface Planned {
  readonly batch: number;
  readonly plannedAt: Date;
  readonly ranges: readonly Range[];
}

/** The end of a chain at the sink. */
export interface Position {
  readonly chain: string;
  readonly sequence: number;
  /** Null if the entry is missing in the database. */
  readonly hash: string | null;
}

interface Discovery {
  readonly horizon: string;
  readonly at: Date;
  readonly pending: readonly Range[];
  readonly lastChain?: string | null;
}

/** Thrown if another process took the sink over, because this one was silent for too long. */
export class NotOwner extends Error {}

/**
 * How far one sink is, as rows of the database, and which chains have more. The sequence orders the entries of a chain, and
 * the lock of its head makes this the order of their COMMITs. Grown chains are found by the transactions that grew them.
 */
export class ExportCursor {
  readonly #process = uuidV7();
  #pending = new Map<string, Range>();
  /** Undefined until this process owns the sink. */
  #horizon: string | undefined;
  /** The chain after which the sweep of all chains goes on; undefined if it is complete. */
  #sweepFrom: string | undefined = '';
  #sweptAtMs = 0;

  constructor(
    private readonly database: Pick<Database, 'query'>,
    private readonly sink: string,
  ) {}

  /** Takes or keeps the sink. @returns the batch that is on its way; null if none is; undefined if another process owns it */
  async own(): Promise<Planned | null | undefined> {
    const [row] = (await this.database.query(OWN, [this.sink, this.#process])).rows;
    if (row === undefined) {
      this.forget();
      return undefined;
    }
    if (row['plan'] === null) return null;
    return {
      batch: row['batch'] as number,
      plannedAt: row['planned_at'] as Date,
      ranges: row['plan'] as Range[],
    };
  }

  async release(): Promise<void> {
    this.forget();
    await this.database.query(RELEASE, [this.sink, this.#process]);
  }

  /** Begins anew from the database. */
  forget(): void {
    this.#pending = new Map();
    this.#horizon = undefined;
    this.#sweepFrom = '';
  }

  /**
   * Finds chains that have grown.
   * @returns the time before which every committed entry is delivered; undefined if some are not
   */
  async discover(): Promise<Date | undefined> {
    if (this.#pending.size >= PENDING_CHAINS_MAX) return undefined;
    if (this.#sweepFrom === undefined && performance.now() > this.#sweptAtMs + SWEEP_EVERY_MS) this.#sweepFrom = '';
    const found = await this.#find();
    for (const range of found.pending) {
      this.#pending.set(range.chain, { ...(this.#pending.get(range.chain) ?? range), to: range.to });
    }
    return this.#pending.size === 0 && this.#sweepFrom === undefined ? found.at : undefined;
  }

  /** Entries of the chains that have waited longest, at most so many. */
  next(entriesMax: number): readonly Range[] {
    const each = Math.max(1, Math.floor(entriesMax / Math.max(1, this.#pending.size)), Math.floor(entriesMax / 10));
    const ranges: Range[] = [];
    let left = entriesMax;
    for (const range of this.#pending.values()) {
      const to = Math.min(range.to, range.after + Math.min(each, left));
      ranges.push({ ...range, to });
      left -= to - range.after;
      if (left === 0) break;
    }
    return ranges;
  }

  /** Reads the entries of ranges, each with the hash of the entry before it. */
  async entries(ranges: readonly Range[]): Promise<LinkedEntry[]> {
    const { rows } = await this.database.query(READ_ENTRIES, [JSON.stringify(ranges)]);
    const before = new Map(ranges.map((range) => [range.chain, { sequence: range.after, hash: range.hash }]));
    return (rows as unknown as AuditEntry[]).map((entry) => {
      const last = before.get(entry.chain)!;
      before.set(entry.chain, { sequence: entry.sequence, hash: entry.hash });
      return { entry, previousHash: last.sequence === entry.sequence - 1 ? last.hash : null };
    });
  }

  /** @throws NotOwner */
  async plan(ranges: readonly Range[]): Promise<Planned> {
    const plannedAt = new Date();
    const values = [this.sink, this.#process, JSON.stringify(ranges), plannedAt];
    const [row] = (await this.database.query(PLAN, values)).rows;
    if (row === undefined) throw new NotOwner();
    return { batch: row['batch'] as number, plannedAt, ranges };
  }

  /** Moves the positions. @throws NotOwner */
  async delivered({ batch }: Planned, positions: readonly Position[]): Promise<void> {
    const values = [this.sink, this.#process, batch, JSON.stringify(positions)];
    if ((await this.database.query(DELIVERED, values)).rows.length === 0) throw new NotOwner();
    for (const { chain, sequence, hash } of positions) {
      const pending = this.#pending.get(chain);
      this.#pending.delete(chain);
      // Behind all others, so that no chain waits for a long one.
      if (pending && pending.to > sequence) this.#pending.set(chain, { ...pending, after: sequence, hash });
    }
  }

  async caughtUp(at: Date): Promise<void> {
    await this.database.query(CAUGHT_UP, [this.sink, this.#process, at]);
  }

  async failed(reason: string): Promise<void> {
    await this.database.query(FAILED, [this.sink, this.#process, reason]);
  }

  async #find(): Promise<Discovery> {
    if (this.#sweepFrom === undefined) {
      const grown = await this.#discover(GROWN, this.#horizon!);
      this.#horizon = grown.horizon;
      return grown;
    }
    const page = await this.#discover(SWEEP, this.#sweepFrom);
    // What grows during the sweep is found from its beginning on.
    this.#horizon ??= page.horizon;
    this.#sweepFrom = page.lastChain ?? undefined;
    if (this.#sweepFrom === undefined) this.#sweptAtMs = performance.now();
    return page;
  }

  async #discover(sql: string, from: string): Promise<Discovery> {
    const { rows } = await this.database.query(sql, [this.sink, from]);
    return rows[0] as unknown as Discovery;
  }
}
