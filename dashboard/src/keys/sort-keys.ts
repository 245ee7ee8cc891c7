import type { KeySummary } from '../api/wire';

export const SORT_COLUMNS = ['name', 'requests', 'denied', 'last_used', 'expires', 'created'] as const;
export type SortColumn = (typeof SORT_COLUMNS)[number];
export type KeySort = SortColumn | `-${SortColumn}`;

/** Newest first. */
export const DEFAULT_SORT: KeySort = '-created';

export function isSort(value: unknown): value is KeySort {
  return typeof value === 'string' && (SORT_COLUMNS as readonly string[]).includes(value.replace(/^-/, ''));
}

export function columnOf(sort: KeySort): SortColumn {
  return sort.replace(/^-/, '') as SortColumn;
}

export function isDescending(sort: KeySort): boolean {
  return sort.startsWith('-');
}

/** The order after a click on a column title: text starts at A, and anything else with the highest value. */
export function nextSort(column: SortColumn, sort: KeySort): KeySort {
  if (columnOf(sort) === column) return isDescending(sort) ? column : `-${column}`;
  return column === 'name' || column === 'expires' ? column : `-${column}`;
}

type Value = string | number | null;
type Sorted = Pick<
  KeySummary,
  'name' | 'requests_30_days' | 'denied_30_days' | 'last_used_at' | 'expires_at' | 'created_at'
>;

const VALUES: Readonly<Record<Exclude<SortColumn, 'name'>, (key: Sorted) => Value>> = {
  requests: ({ requests_30_days }) => requests_30_days,
  denied: (key) => deniedShare(key),
  last_used: ({ last_used_at }) => last_used_at,
  expires: ({ expires_at }) => expires_at,
  created: ({ created_at }) => created_at,
};
const BY_NAME = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** Sorts a copy. Keys without a value (never used, no expiry) are last in both directions, and equal keys stay in order. */
export function sortKeys<Key extends Sorted>(keys: readonly Key[], sort: KeySort): readonly Key[] {
  const column = columnOf(sort);
  const sign = isDescending(sort) ? -1 : 1;
  if (column === 'name') return keys.toSorted((one, other) => sign * BY_NAME.compare(one.name, other.name));
  const valueOf = VALUES[column];
  return keys.toSorted((one, other) => compare(valueOf(one), valueOf(other), sign));
}

/** The share of the requests that were denied; null without requests. */
export function deniedShare({
  requests_30_days,
  denied_30_days,
}: Pick<KeySummary, 'requests_30_days' | 'denied_30_days'>): number | null {
  return requests_30_days === 0 ? null : denied_30_days / requests_30_days;
}

/** ISO 8601 instants in UTC compare as text. */
function compare(one: Value, other: Value, sign: number): number {
  if (one === other) return 0;
  if (one === null) return 1;
  if (other === null) return -1;
  return one < other ? -sign : sign;
}
