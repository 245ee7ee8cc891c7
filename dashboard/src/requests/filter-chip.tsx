import type { ComponentPropsWithRef } from 'react';
import { CloseIcon, PlusIcon } from '../shell/icons';
import classes from './filter-chip.module.css';

interface Props extends Omit<ComponentPropsWithRef<'button'>, 'value' | 'className'> {
  readonly label: string;
  /** What is filtered by; undefined if nothing is. */
  readonly value: string | undefined;
  readonly isOpen: boolean;
  readonly onClear: () => void;
}

/** A filter as a chip: a button that opens its values, and one that clears it. Popovers add props to the first. */
export function FilterChip({ label, value, isOpen, onClear, ref, onClick, onKeyDown }: Props) {
  const isSet = value !== undefined;
  return (
    <span className={classes['chip']} data-set={isSet || undefined}>
      <button
        ref={ref}
        type="button"
        className={classes['main']}
        onClick={onClick}
        onKeyDown={onKeyDown}
        aria-expanded={isOpen}
      >
        {!isSet && <PlusIcon size={14} />}
        {label}
        {isSet && <span className={classes['value']}>{value}</span>}
      </button>
      {isSet && (
        <button
          type="button"
          className={classes['clear']}
          onClick={onClear}
          aria-label={`Clear ${label.toLowerCase()}`}
        >
          <CloseIcon size={14} />
        </button>
      )}
    </span>
  );
}
