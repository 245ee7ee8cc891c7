import { Loader } from '@mantine/core';
import { type KeyboardEvent, useId, useState } from 'react';
import { Dialog } from '../shell/dialog';
import { SearchIcon } from '../shell/icons';
import type { PaletteEntry } from './palette-entry';
import classes from './palette.module.css';
import { PaletteList } from './palette-list';
import { usePaletteEntries } from './use-palette-entries';

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };

/** Finds pages, keys, services, requests by their id, and actions (ARIA combobox pattern). */
export default function Palette({ onClose }: { readonly onClose: () => void }) {
  const [text, setText] = useState('');
  const [position, setPosition] = useState(0);
  const { entries, isSearching, missingId } = usePaletteEntries(text);
  const current = Math.min(position, entries.length - 1);
  const id = useId();
  const run = (entry: PaletteEntry | undefined) => {
    if (entry === undefined) return;
    onClose();
    entry.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (step !== undefined && entries.length > 0) {
      event.preventDefault();
      setPosition((current + step + entries.length) % entries.length);
    }
    if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
      event.preventDefault();
      run(entries[current]);
    }
  };
  return (
    <Dialog
      onClose={onClose}
      withCloseButton={false}
      size={620}
      yOffset="12vh"
      classNames={{ body: classes['body']! }}
      attributes={{ content: { 'aria-label': 'Search' } }}
    >
      <div className={classes['field']}>
        <SearchIcon />
        <input
          className={classes['input']}
          role="combobox"
          aria-label="Search"
          aria-expanded={entries.length > 0}
          aria-controls={entries.length > 0 ? `${id}-list` : undefined}
          aria-activedescendant={entries.length > 0 ? `${id}-${current}` : undefined}
          aria-autocomplete="list"
          placeholder="Search, or paste a request ID from a log"
          autoComplete="off"
          spellCheck={false}
          value={text}
          onChange={({ currentTarget }) => {
            setText(currentTarget.value);
            setPosition(0);
          }}
          onKeyDown={onKeyDown}
          data-autofocus
        />
        {isSearching && <Loader size={16} aria-label="Searching" />}
      </div>
      {entries.length > 0 && (
        <PaletteList id={id} entries={entries} current={current} onRun={run} onPoint={setPosition} />
      )}
      {entries.length === 0 && !isSearching && (
        <output className={classes['nothing']}>
          {missingId === undefined ? 'No results' : `The log has no request with the ID ${missingId}.`}
        </output>
      )}
    </Dialog>
  );
}
