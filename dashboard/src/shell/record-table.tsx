import { Table } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './record-table.module.css';

interface TableProps {
  readonly label: string;
  /** Column titles. One in brackets is for screen readers only. */
  readonly columns: readonly (string | readonly [string])[];
  /** `RecordRow`s. */
  readonly children: ReactNode;
}

/** A table of records, which stacks the cells of a row on narrow screens. */
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

/** A title over the rows that follow, such as their day. */
export function RecordGroup({ columns, children }: { readonly columns: number; readonly children: ReactNode }) {
  return (
    <Table.Tr className={classes['group']!}>
      <Table.Th scope="rowgroup" colSpan={columns}>
        {children}
      </Table.Th>
    </Table.Tr>
  );
}

export function RecordRow({ children }: { readonly children: ReactNode }) {
  return <Table.Tr>{children}</Table.Tr>;
}

interface CellProps {
  /** The position in a stacked row: a separate line, or the end of one. */
  readonly place?: 'line' | 'end';
  /** The label in a stacked row, which has no column title. */
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
