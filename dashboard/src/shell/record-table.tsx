import { Table } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './record-table.module.css';

interface TableProps {
  readonly label: string;
  /** Their titles; the one in brackets is only read aloud. */
  readonly columns: readonly (string | readonly [string])[];
  /** `RecordRow`s. */
  readonly children: ReactNode;
}

/** Rows of records; where there is no room for a table, a row's cells stand below each other. */
export function RecordTable({ label, columns, children }: TableProps) {
  return (
    <div className="surface">
      <Table className={classes['table']!} verticalSpacing="sm" horizontalSpacing="md" aria-label={label}>
        <Table.Thead>
          <Table.Tr>
            {columns.map((column) => (
              <Table.Th key={String(column)} scope="col">
                {typeof column === 'string' ? column : <span className="visually-hidden">{column}</span>}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>{children}</Table.Tbody>
      </Table>
    </div>
  );
}

export function RecordRow({ children }: { readonly children: ReactNode }) {
  return <Table.Tr>{children}</Table.Tr>;
}

interface CellProps {
  /** In a row that isn't a table's any more: a line of its own, or the end of one. */
  readonly place?: 'line' | 'end';
  /** Before it where no column title is in sight. */
  readonly label?: string;
  readonly className?: string | undefined;
  readonly children?: ReactNode;
}

export function RecordCell({ place, label, className = '', children }: CellProps) {
  return (
    <Table.Td className={`${place ? classes[place] : ''} ${className}`} data-label={label}>
      {children}
    </Table.Td>
  );
}
