import classes from './sort-select.module.css';
import type { KeySort } from './sort-keys';

const ORDERS: readonly (readonly [KeySort, string])[] = [
  ['-created', 'Newest first'],
  ['name', 'Name'],
  ['-requests', 'Most requests'],
  ['-denied', 'Most denied'],
  ['-last_used', 'Last used'],
  ['expires', 'Expires first'],
];

interface Props {
  readonly sort: KeySort;
  readonly onSort: (sort: KeySort) => void;
}

/** Sorts the rows of narrow screens, which have no column titles. */
export function SortSelect({ sort, onSort }: Props) {
  return (
    <label className={classes['sort']}>
      Sort by
      <select value={sort} onChange={({ currentTarget }) => onSort(currentTarget.value as KeySort)}>
        {ORDERS.map(([value, words]) => (
          <option key={value} value={value}>
            {words}
          </option>
        ))}
        {!ORDERS.some(([value]) => value === sort) && <option value={sort}>Other</option>}
      </select>
    </label>
  );
}
