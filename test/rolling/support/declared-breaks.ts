/** A change of the schema that servers of the last release don't notice, or that is over in a moment. */
export interface Declared {
  /** As the test says it. */
  readonly change: string;
  readonly because: string;
  /** Of a contraction: the first release whose code doesn't need what is gone. Not newer than the last release. */
  readonly unusedSince?: string;
}

/** Emptied of what a release has shipped, together with `last-release.json`. */
export const DECLARED: readonly Declared[] = [
  {
    change: 'AuditExport1763800000112 creates audit_heads_changed_by without CONCURRENTLY',
    because: 'The table has one row for each org, which takes milliseconds to index.',
  },
  {
    change: 'stored_files.stored_files_store is a new rule',
    because: 'It is about a new column, which 0.1.0 does not write and whose default obeys it.',
  },
  {
    change: 'stored_files.stored_files_also_in is a new rule',
    because: 'It is about new columns, which 0.1.0 does not write and whose defaults obey it.',
  },
];
