import { TagsInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';

interface Props {
  readonly label: string;
  readonly description: string;
  /** Shown if there are no entries and none can be added. */
  readonly none?: string;
  readonly validate: (entry: string) => string | undefined;
  readonly value?: string[];
  readonly onChange?: (entries: string[]) => void;
  readonly error?: ReactNode;
}

/** Entries as pills, each validated while typing. */
export function EntryList({ validate, none, value = [], onChange, error, ...labels }: Props) {
  const [typed, setTyped] = useState('');
  const problem = [...value, ...(typed.trim() === '' ? [] : [typed.trim()])].map(validate).find(Boolean);
  return (
    <TagsInput
      {...labels}
      placeholder={value.length === 0 ? (none ?? 'Type and press Enter') : ''}
      splitChars={[',', ' ', ';']}
      acceptValueOnBlur
      searchValue={typed}
      onSearchChange={setTyped}
      value={value}
      onChange={(entries) => onChange?.(entries.map((entry) => entry.trim()).filter(Boolean))}
      error={problem ?? error}
    />
  );
}
