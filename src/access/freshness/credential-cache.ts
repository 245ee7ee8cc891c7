import { BoundedMap } from '../../core/cache/bounded-map.js';
import type { Lease } from './lease.js';
import { TaggedEntries } from './tagged-entries.js';

/** What a fill has read; `atVersion()` makes its statement. */
export interface Filled<T> {
  /** Of the snapshot that everything else was read in. */
  readonly version: number;
  /** Every row it rests on, as the triggers name them; empty: no credential has this digest. */
  readonly tags: readonly string[];
  readonly value: T;
}

export interface CacheBounds {
  readonly entriesMax: number;
  /** Refusals of unknown keys have a bound and a life of their own: a flood of bad keys evicts no good one. */
  readonly unknownMax: number;
  readonly unknownLifeMs: number;
}

export const DEFAULT_CACHE_BOUNDS: CacheBounds = { entriesMax: 100_000, unknownMax: 10_000, unknownLifeMs: 10_000 };

interface UnknownRefusal<T> {
  readonly value: T;
  readonly untilMs: number;
}

/** What look-ups came to, since the start. */
export interface CacheCounts {
  hits: number;
  /** Refusals of unknown keys that memory knew. */
  knownRefusals: number;
  misses: number;
  /** Not answered because the lease isn't trusted. */
  deaf: number;
}

/** Verdicts on credentials by digest, good as long as the lease is; the one port that guards use. */
export class CredentialCache<T> {
  readonly counts: CacheCounts = { hits: 0, knownRefusals: 0, misses: 0, deaf: 0 };
  private readonly known: TaggedEntries<T>;
  private unknown: BoundedMap<string, UnknownRefusal<T>>;
  private readonly openFills = new Map<string, Promise<T>>();

  constructor(
    protected readonly lease: Pick<Lease, 'trusted' | 'applied' | 'leaseId' | 'onChange'>,
    private readonly bounds: CacheBounds = DEFAULT_CACHE_BOUNDS,
  ) {
    this.known = new TaggedEntries(bounds.entriesMax);
    this.unknown = new BoundedMap(bounds.unknownMax);
    lease.onChange((tags) => this.drop(tags));
  }

  /** Entries of known credentials, about 1 kB each. */
  get size(): number {
    return this.known.size;
  }

  /** The verdict if memory may answer, else undefined; synchronous, costs no SQL. */
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
   * Loads a verdict and keeps it if nothing has overtaken it. Several callers share one load, but only while the lease
   * is trusted, and never one that was begun before a change that this process has applied.
   * @param load one statement made by `atVersion()`, and whatever has to be awaited after it; what it throws, all get
   */
  fill(digest: string, load: () => Promise<Filled<T>>): Promise<T> {
    if (!this.lease.trusted()) return this.loadAndKeep(digest, load);
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
   * The fence, asked at the moment of insertion: what was read before a change that has been applied since would come
   * back for good. It compares the row's own snapshot, so it doesn't matter how long the load took.
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
    // An unknown key has no row to be tagged by, and any change may have made it known.
    this.unknown = new BoundedMap(this.bounds.unknownMax);
    this.forgetOpenFills();
  }

  /** All of them: a request that starts after the change must not be answered by a read from before it. */
  protected forgetOpenFills(): void {
    this.openFills.clear();
  }
}
