import { BoundedMap } from '../../core/cache/bounded-map.js';
import type { Lease } from './lease.js';
import { TaggedEntries } from './tagged-entries.js';

/** The result of a fill, whose statement `atVersion()` builds. */
export interface Filled<T> {
  /** The version of the snapshot that the rest was read in. */
  readonly version: number;
  /** The rows it depends on, named as the triggers name them; empty: no credential has this digest. */
  readonly tags: readonly string[];
  readonly value: T;
}

export interface CacheBounds {
  readonly entriesMax: number;
  /** A separate bound for refusals of unknown keys, so that a flood of bad keys evicts no valid one. */
  readonly unknownMax: number;
  readonly unknownLifeMs: number;
}

export const DEFAULT_CACHE_BOUNDS: CacheBounds = { entriesMax: 100_000, unknownMax: 10_000, unknownLifeMs: 10_000 };

interface UnknownRefusal<T> {
  readonly value: T;
  readonly untilMs: number;
}

/** Results of look-ups since the start. */
export interface CacheCounts {
  hits: number;
  /** Cached refusals of unknown keys. */
  knownRefusals: number;
  misses: number;
  /** Look-ups that bypassed the cache because the lease wasn't trusted. */
  deaf: number;
}

/** Caches the results of credential checks by digest, valid as long as the lease. */
export class CredentialCache<T> {
  readonly counts: CacheCounts = { hits: 0, knownRefusals: 0, misses: 0, deaf: 0 };
  private readonly known: TaggedEntries<T>;
  private unknown: BoundedMap<string, UnknownRefusal<T>>;
  private readonly openFills = new Map<string, Promise<T>>();

  constructor(
    protected readonly lease: Pick<Lease, 'trusted' | 'applied' | 'leaseId' | 'onChange' | 'assertCanRead'>,
    private readonly bounds: CacheBounds = DEFAULT_CACHE_BOUNDS,
  ) {
    this.known = new TaggedEntries(bounds.entriesMax);
    this.unknown = new BoundedMap(bounds.unknownMax);
    lease.onChange((tags) => this.drop(tags));
  }

  /** The number of known credentials, about 1 kB each. */
  get size(): number {
    return this.known.size;
  }

  /** The cached result; undefined when there is none or the lease isn't trusted. Synchronous, without SQL. */
  peek(digest: string): T | undefined {
    if (!this.lease.trusted()) {
      this.counts.deaf++;
      return undefined;
    }
    const value = this.known.get(digest);
    if (value !== undefined) {
      this.counts.hits++;
      return value;
    }
    const refusal = this.unknown.get(digest);
    if (refusal !== undefined && performance.now() < refusal.untilMs) {
      this.counts.knownRefusals++;
      return refusal.value;
    }
    this.counts.misses++;
    return undefined;
  }

  /**
   * Loads a result and caches it unless a newer change was applied meanwhile. Concurrent callers share one load, but
   * only while the lease is trusted, and never a load that began before a change that this process has applied.
   * @param load runs one statement built by `atVersion()`, and what follows it; all callers get its error
   * @throws AppError database_unavailable (503) in strict mode while the lease isn't trusted
   */
  fill(digest: string, load: () => Promise<Filled<T>>): Promise<T> {
    if (!this.lease.trusted()) {
      this.lease.assertCanRead();
      return this.loadAndKeep(digest, load);
    }
    const open = this.openFills.get(digest);
    if (open !== undefined) return open;
    const filling = this.loadAndKeep(digest, load);
    this.openFills.set(digest, filling);
    const close = () => {
      if (this.openFills.get(digest) === filling) this.openFills.delete(digest);
    };
    filling.then(close, close);
    return filling;
  }

  private async loadAndKeep(digest: string, load: () => Promise<Filled<T>>): Promise<T> {
    const leaseId = this.lease.leaseId;
    const filled = await load();
    if (this.mayKeep(filled, leaseId)) this.keep(digest, filled);
    return filled.value;
  }

  /**
   * The fence, checked when an entry is inserted: a row read before a change that was applied since would stay stale for
   * good. It compares the row's snapshot version, so the duration of the load doesn't matter.
   */
  protected mayKeep(filled: Filled<T>, leaseIdAtStart: string | undefined): boolean {
    const { leaseId, applied } = this.lease;
    return applied !== undefined && leaseId === leaseIdAtStart && filled.version >= applied;
  }

  private keep(digest: string, { value, tags }: Filled<T>): void {
    if (tags.length > 0) this.known.set(digest, value, tags);
    else this.unknown.set(digest, { value, untilMs: performance.now() + this.bounds.unknownLifeMs });
  }

  private drop(tags: readonly string[] | null): void {
    if (tags === null) this.known.clear();
    else for (const tag of tags) this.known.dropTagged(tag);
    // An unknown key has no tags, and any change may have created it.
    this.unknown = new BoundedMap(this.bounds.unknownMax);
    this.forgetOpenFills();
  }

  /** Drops all loads: a request that starts after the change must not share a read from before it. */
  protected forgetOpenFills(): void {
    this.openFills.clear();
  }
}
