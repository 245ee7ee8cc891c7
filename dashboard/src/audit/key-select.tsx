import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { keyQuery, keysQuery } from '../api/keys';
import type { ApiKey } from '../api/wire';

const TYPING_PAUSE_MS = 250;
const SEARCH_CHARACTERS_MAX = 100;

interface Props {
  readonly className: string;
  readonly value: string | undefined;
  readonly onChange: (id: string | undefined) => void;
}

/** Selects a key, including revoked ones. The server searches them, because there may be thousands. */
export function KeySelect({ className, value, onChange }: Props) {
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed.trim().slice(0, SEARCH_CHARACTERS_MAX), TYPING_PAUSE_MS);
  const { data: chosen } = useQuery({ ...keyQuery(value ?? ''), enabled: value !== undefined });
  const isChosen = chosen !== undefined && search === labelOf(chosen);
  const { data } = useInfiniteQuery({
    ...keysQuery(search && !isChosen ? { search } : {}),
    placeholderData: (before) => before,
  });
  const found = data?.pages[0]?.items ?? [];
  const keys = chosen && value && !found.some(({ id }) => id === value) ? [chosen, ...found] : found;
  return (
    <Select
      className={className}
      label="API key"
      placeholder="All"
      data={keys.map((key) => ({ value: key.id, label: labelOf(key) }))}
      // The server has already searched names and descriptions.
      filter={({ options }) => options}
      nothingFoundMessage="No keys match"
      value={value ?? null}
      onChange={(id) => onChange(id ?? undefined)}
      searchValue={typed}
      onSearchChange={setTyped}
      searchable
      clearable
    />
  );
}

function labelOf({ name, state }: ApiKey): string {
  return state === 'active' ? name : `${name} (${state})`;
}
