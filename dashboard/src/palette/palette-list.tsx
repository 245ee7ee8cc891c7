/* oxlint-disable jsx-a11y/prefer-tag-over-role -- HTML has no list of options whose focus stays in a field */
import { useEffect, useRef } from 'react';
import type { PaletteEntry } from './palette-entry';
import classes from './palette.module.css';

interface Props {
  /** A prefix of ids. */
  readonly id: string;
  /** Those of a group stand together. */
  readonly entries: readonly PaletteEntry[];
  /** The position of the selected entry. */
  readonly current: number;
  readonly onRun: (entry: PaletteEntry) => void;
  readonly onPoint: (position: number) => void;
}

/** The entries by group. The keyboard stays in the field above, which handles its keys. */
export function PaletteList({ id, entries, current, onRun, onPoint }: Props) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [current]);
  const groups = [...new Set(entries.map(({ group }) => group))];
  return (
    <div ref={list} id={`${id}-list`} role="listbox" aria-label="Results" className={classes['list']}>
      {groups.map((group) => (
        <div key={group} role="group" aria-label={group}>
          <div className={classes['group']} aria-hidden>
            {group}
          </div>
          {entries.map(
            (entry, position) =>
              entry.group === group && (
                // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus -- see above
                <div
                  key={entry.id}
                  id={`${id}-${position}`}
                  role="option"
                  aria-selected={position === current}
                  className={classes['entry']}
                  onClick={() => onRun(entry)}
                  onMouseMove={() => onPoint(position)}
                >
                  {entry.icon}
                  <span className={classes['label']}>{entry.label}</span>
                  {entry.hint !== undefined && <span className={classes['hint']}>{entry.hint}</span>}
                </div>
              ),
          )}
        </div>
      ))}
    </div>
  );
}
