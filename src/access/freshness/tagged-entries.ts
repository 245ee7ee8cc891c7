interface Entry<T> {
  readonly value: T;
  readonly tags: readonly string[];
  /** Since its eviction was last skipped. */
  isUsed: boolean;
}

/** How many entries in use an eviction skips, which bounds the time of an insertion. */
const SPARED_MAX = 8;

/** A bounded map whose entries can be dropped by tag. When full, it evicts the oldest entry that isn't in use. */
export class TaggedEntries<T> {
  private readonly entries = new Map<string, Entry<T>>();
  private readonly digestsByTag = new Map<string, Set<string>>();

  constructor(private readonly entriesMax: number) {}

  get size(): number {
    return this.entries.size;
  }

  get(digest: string): T | undefined {
    const entry = this.entries.get(digest);
    if (entry === undefined) return undefined;
    entry.isUsed = true;
    return entry.value;
  }

  set(digest: string, value: T, tags: readonly string[]): void {
    this.delete(digest);
    if (this.entries.size >= this.entriesMax) this.evict();
    this.entries.set(digest, { value, tags, isUsed: false });
    for (const tag of tags) {
      const digests = this.digestsByTag.get(tag);
      if (digests === undefined) this.digestsByTag.set(tag, new Set([digest]));
      else digests.add(digest);
    }
  }

  dropTagged(tag: string): void {
    for (const digest of this.digestsByTag.get(tag) ?? []) this.delete(digest);
  }

  clear(): void {
    this.entries.clear();
    this.digestsByTag.clear();
  }

  private delete(digest: string): void {
    const entry = this.entries.get(digest);
    if (entry === undefined) return;
    this.entries.delete(digest);
    for (const tag of entry.tags) {
      const digests = this.digestsByTag.get(tag);
      digests?.delete(digest);
      if (digests?.size === 0) this.digestsByTag.delete(tag);
    }
  }

  private evict(): void {
    let spared = 0;
    for (const [digest, entry] of this.entries) {
      if (!entry.isUsed || spared === SPARED_MAX) return this.delete(digest);
      entry.isUsed = false;
      // Moves it to the new end, so that all others are checked first.
      this.entries.delete(digest);
      this.entries.set(digest, entry);
      spared += 1;
    }
  }
}
