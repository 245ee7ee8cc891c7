import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { keyQuery, keysQuery } from '../api/keys';
import { ChoiceFilter } from './choice-filter';

const TYPING_PAUSE_MS = 250;
const SEARCH_CHARACTERS_MAX = 100;

interface Props {
  readonly value: string | undefined;
  readonly onChange: (id: string | undefined) => void;
}

/** The server searches the keys, because there may be thousands. */
export function KeyFilter({ value, onChange }: Props) {
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed.trim().slice(0, SEARCH_CHARACTERS_MAX), TYPING_PAUSE_MS);
  const { data: chosen } = useQuery({ ...keyQuery(value ?? ''), enabled: value !== undefined });
  const { data } = useInfiniteQuery({ ...keysQuery(search ? { search } : {}), placeholderData: keepPreviousData });
  const keys = data?.pages[0]?.items ?? [];
  return (
    <ChoiceFilter
      label="Key"
      choices={keys.map(({ id, name, state }) => ({
        value: id,
        label: state === 'active' ? name : `${name} (${state})`,
      }))}
      value={value}
      valueLabel={chosen?.name}
      onChange={onChange}
      onSearch={setTyped}
      nothing="No keys match"
    />
  );
}
