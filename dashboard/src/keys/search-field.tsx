import { TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';
import { SearchIcon } from '../shell/icons';
import classes from './keys-page.module.css';
import { withoutCredential } from './filter-keys';

interface Props {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** Searches when typing pauses, and follows the URL when it changes otherwise. */
export function SearchField({ value, onChange }: Props) {
  const [typed, setTyped] = useState(value);
  const asked = useRef(value);
  const ask = useDebouncedCallback((text: string) => {
    asked.current = text;
    onChange(text);
  }, 250);
  useEffect(() => {
    if (value === asked.current) return;
    asked.current = value;
    ask.cancel();
    setTyped(value);
  }, [value, ask]);
  return (
    <TextInput
      className={classes['search']!}
      type="search"
      aria-label="Search keys"
      placeholder="Search by name, description or key"
      leftSection={<SearchIcon size={16} />}
      maxLength={1_000}
      value={typed}
      onChange={({ currentTarget }) => {
        const text = withoutCredential(currentTarget.value).slice(0, 100);
        setTyped(text);
        ask(text);
      }}
    />
  );
}
