/** A list's order by a column of whole numbers; rows of the same number by id, in the same direction. */
export interface Order {
  readonly column: string;
  readonly direction: 'ASC' | 'DESC';
}

/** By what `sort_by` calls them, the default first; null: newest first. */
export type Orders = Readonly<Record<string, Order | null>>;

export const NEWEST_FIRST: Orders = { created_at: null };
