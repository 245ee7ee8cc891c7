/** Counts the findings about active keys of all orgs, for `/metrics`. Implemented by `insight/health/`. */
export abstract class KeyFindingCounts {
  /** The number of keys by finding, as of some minutes ago. */
  abstract read(): Promise<ReadonlyMap<string, number>>;
}
