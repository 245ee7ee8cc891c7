export interface RowRange {
  readonly first: number;
  /** The row after the last one. */
  readonly end: number;
}

interface Scrolled {
  /** Of the first row, in pixels below the top of the window. Negative: the list is scrolled. */
  readonly top: number;
  readonly windowHeight: number;
  readonly rowHeight: number;
  readonly count: number;
}

/** The range changes only after so many rows, so that most scroll events render nothing. */
const STEP = 8;

/** The rows in the window and at least `STEP` rows on both sides. */
export function visibleRows({ top, windowHeight, rowHeight, count }: Scrolled): RowRange {
  const above = Math.floor(-top / rowHeight / STEP) * STEP - STEP;
  const below = Math.ceil((windowHeight - top) / rowHeight / STEP) * STEP + STEP;
  const first = Math.min(Math.max(0, above), Math.max(0, count - 1));
  return { first, end: Math.min(count, Math.max(below, first)) };
}
