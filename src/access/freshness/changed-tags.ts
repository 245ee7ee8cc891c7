export interface AccessChange {
  readonly version: number;
  /** The rows that changed; empty: something new exists; null: everything. */
  readonly tags: readonly string[] | null;
}

/**
 * The tags to drop to go from `applied` to `head`; null: everything. A missing version between the two (pruned, or over
 * the limit of one answer) means everything too, so this check covers every kind of gap.
 */
export function changedTags(changes: readonly AccessChange[], applied: number, head: number): readonly string[] | null {
  const versions = new Set<number>();
  const tags = new Set<string>();
  for (const change of changes) {
    if (change.tags === null) return null;
    versions.add(change.version);
    for (const tag of change.tags) tags.add(tag);
  }
  return versions.size === head - applied ? [...tags] : null;
}
