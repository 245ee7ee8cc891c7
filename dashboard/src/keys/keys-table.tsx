import { useMediaQuery } from '@mantine/hooks';
import { type KeyboardEvent, useCallback, useState } from 'react';
import type { KeySummary } from '../api/wire';
import { useVisibleRows } from '../shell/use-visible-rows';
import { ColumnTitle } from './column-title';
import { KeyRow } from './key-row';
import classes from './keys-table.module.css';
import type { Floating, FloatingKind } from './floating';
import { RowFloating } from './row-floating';
import type { KeySort } from './sort-keys';
import { useDays } from './use-days';
import type { Selection } from './use-selection';

/** In pixels, as in the styles. */
const ROW_HEIGHT = 48;
const NARROW_ROW_HEIGHT = 88;

interface Props {
  readonly keys: readonly KeySummary[];
  readonly sort: KeySort;
  readonly onSort: (sort: KeySort) => void;
  /** Undefined: keys can't be selected. */
  readonly selection: Selection | undefined;
}

export function KeysTable({ keys, sort, onSort, selection }: Props) {
  const isNarrow = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false });
  const rowHeight = isNarrow ? NARROW_ROW_HEIGHT : ROW_HEIGHT;
  const { listRef, ...range } = useVisibleRows(keys.length, rowHeight);
  const days = useDays(keys, range);
  const [open, setOpen] = useState<Floating>();
  const close = useCallback(() => setOpen(undefined), []);
  const toggle = useCallback((kind: FloatingKind, shown: KeySummary, anchor: HTMLElement) => {
    setOpen((before) => (before?.anchor === anchor ? undefined : { kind, shown, anchor }));
  }, []);
  const title = { sort, onSort };
  return (
    <div className={classes['box']}>
      {/* Key events bubble up from the controls of the rows. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the table takes no focus */}
      <table className={classes['table']} aria-label="API keys" aria-rowcount={keys.length + 1} onKeyDown={moveByArrow}>
        <thead>
          <tr>
            {selection && (
              <th className={classes['select']}>
                <SelectAll keys={keys} selection={selection} />
              </th>
            )}
            <ColumnTitle column="name" {...title}>
              Name
            </ColumnTitle>
            <th scope="col" className={classes['kind']}>
              Kind
            </th>
            <th scope="col" className={classes['access']}>
              Access
            </th>
            <th scope="col" className={classes['status']}>
              Status
            </th>
            <ColumnTitle column="requests" className={classes['usage']} {...title}>
              Requests, 30 days
            </ColumnTitle>
            <ColumnTitle column="denied" className={classes['denied']} {...title}>
              Denied
            </ColumnTitle>
            <ColumnTitle column="last_used" className={classes['lastUsed']} {...title}>
              Last used
            </ColumnTitle>
            <ColumnTitle column="expires" className={classes['expires']} {...title}>
              Expires
            </ColumnTitle>
            <ColumnTitle column="created" className={classes['created']} {...title}>
              Created
            </ColumnTitle>
            <th className={classes['more']}>
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody ref={listRef}>
          <Space height={range.first * rowHeight} />
          {keys.slice(range.first, range.end).map((key, index) => (
            <KeyRow
              key={key.id}
              shown={key}
              days={days[key.id]}
              index={range.first + index}
              isSelected={selection?.ids.has(key.id)}
              onSelect={selection?.toggle ?? ignore}
              onOpen={toggle}
              open={open?.shown.id === key.id ? open.kind : undefined}
            />
          ))}
          <Space height={(keys.length - range.end) * rowHeight} />
        </tbody>
      </table>
      <RowFloating open={open} onClose={close} />
    </div>
  );
}

function ignore(): void {}

/** Stands for the rows outside of the window. */
function Space({ height }: { readonly height: number }) {
  return height > 0 && <tr aria-hidden className={classes['space']} style={{ height }} />;
}

interface SelectAllProps {
  readonly keys: readonly KeySummary[];
  readonly selection: Selection;
}

function SelectAll({ keys, selection }: SelectAllProps) {
  const { size } = selection.ids;
  const isAll = size > 0 && size === keys.length;
  return (
    <label>
      <input
        type="checkbox"
        aria-label="Select all keys"
        checked={isAll}
        ref={(box) => {
          if (box) box.indeterminate = size > 0 && !isAll;
        }}
        onChange={() => selection.set(isAll ? [] : keys.map(({ id }) => id))}
      />
    </label>
  );
}

/** The up and down arrow keys move between the controls of a column. */
function moveByArrow(event: KeyboardEvent<HTMLTableElement>): void {
  if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
  const cell = (event.target as Element).closest('td');
  if (cell === null) return;
  const side = event.key === 'ArrowDown' ? 'nextElementSibling' : 'previousElementSibling';
  for (let row = cell.closest('tr')![side]; row instanceof HTMLTableRowElement; row = row[side]) {
    const control = row.cells[cell.cellIndex]?.querySelector<HTMLElement>('a, button, input');
    if (!control) continue;
    event.preventDefault();
    control.focus();
    return;
  }
}
