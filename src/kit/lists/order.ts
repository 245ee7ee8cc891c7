/** Orders a list by an integer column, then by id, in the same direction. */
export interface Order {
  readonly column: string;
  readonly direction: 'ASC' | 'DESC';
}

/** By the values of `sort_by`, the default first; null means newest first. */
export type Orders = Readonly<Record<string, Order | null>>;

export const NEWEST_FIRST: Orders = { created_at: null };
