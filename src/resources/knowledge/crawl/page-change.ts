/** Result of a visit. */
export type Visit =
  | { readonly kind: 'read'; readonly title: string | null; readonly text: string; readonly hash: string }
  | { readonly kind: 'excluded'; readonly why: string }
  /** `isGone`: the page no longer exists. Otherwise the failure may be temporary. */
  | { readonly kind: 'failed'; readonly why: string; readonly isGone: boolean };

/** What a visit adds to the counts of its crawl. */
export interface Tally {
  readonly total_pages: number;
  readonly completed_pages: number;
  readonly new_pages: number;
  readonly updated_pages: number;
  readonly unchanged_pages: number;
  readonly removed_pages: number;
}

export interface PageChange {
  readonly status: 'synced' | 'error' | 'excluded';
  readonly error_message: string | null;
  /** Whether the text is replaced, deleted or kept. */
  readonly text: 'new' | 'none' | 'kept';
  readonly tally: Tally;
}

export const NOTHING: Tally = {
  total_pages: 0,
  completed_pages: 0,
  new_pages: 0,
  updated_pages: 0,
  unchanged_pages: 0,
  removed_pages: 0,
};

/** How a visit changes the stored page. @param hashBefore of the stored text; null: none */
export function pageChangeOf(visit: Visit, hashBefore: string | null): PageChange {
  const removed_pages = hashBefore === null ? 0 : 1;
  if (visit.kind === 'excluded') {
    const tally = { ...NOTHING, total_pages: -1, removed_pages };
    return { status: 'excluded', error_message: visit.why, text: 'none', tally };
  }
  const done = { ...NOTHING, completed_pages: 1 };
  if (visit.kind === 'failed') {
    return visit.isGone
      ? { status: 'error', error_message: visit.why, text: 'none', tally: { ...done, removed_pages } }
      : { status: 'error', error_message: visit.why, text: 'kept', tally: done };
  }
  const read = { status: 'synced', error_message: null } as const;
  if (hashBefore === visit.hash) return { ...read, text: 'kept', tally: { ...done, unchanged_pages: 1 } };
  const counted = hashBefore === null ? { new_pages: 1 } : { updated_pages: 1 };
  return { ...read, text: 'new', tally: { ...done, ...counted } };
}
