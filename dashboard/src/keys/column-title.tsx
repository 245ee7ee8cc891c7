import type { ReactNode } from 'react';
import { SortIcon } from '../shell/icons';
import classes from './keys-table.module.css';
import { columnOf, isDescending, type KeySort, nextSort, type SortColumn } from './sort-keys';

interface Props {
  readonly column: SortColumn;
  readonly sort: KeySort;
  readonly onSort: (sort: KeySort) => void;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

/** The title of a column that sorts the table. */
export function ColumnTitle({ column, sort, onSort, className, children }: Props) {
  const isSorted = columnOf(sort) === column;
  return (
    <th
      scope="col"
      className={className}
      aria-sort={isSorted ? (isDescending(sort) ? 'descending' : 'ascending') : undefined}
    >
      <button type="button" className={classes['sort']} onClick={() => onSort(nextSort(column, sort))}>
        {children}
        <SortIcon size={12} />
      </button>
    </th>
  );
}
