import { Button, Group, Input, Skeleton, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useCallback, useId, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { scopesQuery } from '../api/scopes';
import type { ScopeEntry } from '../api/wire';
import { SearchIcon } from '../shell/icons';
import { Problem } from '../shell/problem';
import { count } from '../text/numbers';
import { groupsOf, matches, scopesOf } from './scope-groups';
import { type SetScopes, ScopeTable } from './scope-table';
import classes from './scope-grid.module.css';

interface Props {
  readonly audience: ScopeEntry['audience'];
  readonly value: readonly string[];
  readonly onChange: (scopes: string[]) => void;
  readonly error?: ReactNode;
  /** Shows granted scopes only. */
  readonly isReadOnly?: boolean;
}

/** Tables of resources and actions: one of the built-in resources, and one of each service. */
export function ScopeGrid({ audience, value, onChange, error, isReadOnly = false }: Props) {
  const { data: catalogue, error: failure } = useQuery(scopesQuery);
  const groups = useMemo(() => (catalogue ? groupsOf(catalogue, audience) : []), [catalogue, audience]);
  const granted = useMemo(() => new Set(value), [value]);
  const [search, setSearch] = useState('');
  const hintId = useId();
  const all = groups.flatMap(({ entries }) => entries.flatMap(scopesOf));
  const set = useStable((scopes, isGranted) => {
    const changed = new Set(scopes);
    onChange(all.filter((scope) => (changed.has(scope) ? isGranted : granted.has(scope))));
  });
  if (failure) return <Problem error={failure} />;
  if (!catalogue) return <Skeleton h={240} />;

  const isOffered = (entry: ScopeEntry) =>
    isReadOnly ? scopesOf(entry).some((scope) => granted.has(scope)) : matches(entry, search);
  const shown = groups
    .map((group) => ({ group, entries: group.entries.filter(isOffered) }))
    .filter(({ entries }) => entries.length > 0);
  // A key may hold scopes of resources that have been switched off.
  const selected = all.filter((scope) => granted.has(scope)).length;
  return (
    <div>
      {!isReadOnly && (
        <Group justify="space-between" mb="xs" gap="xs">
          <TextInput
            type="search"
            aria-label="Search resources"
            placeholder="Search resources"
            leftSection={<SearchIcon size={16} />}
            value={search}
            onChange={({ currentTarget }) => setSearch(currentTarget.value)}
            className={classes['search']!}
          />
          <Group gap="xs">
            <Text size="sm" c="dimmed" aria-live="polite" className="number">
              {count(selected)} of {count(all.length)} selected
            </Text>
            <Button variant="subtle" size="compact-sm" disabled={selected === 0} onClick={() => onChange([])}>
              Clear
            </Button>
          </Group>
        </Group>
      )}
      <fieldset className={classes['box']} aria-label="Scopes" aria-describedby={isReadOnly ? undefined : hintId}>
        {shown.map(({ group, entries }) => (
          <ScopeTable
            key={group.service ?? ''}
            group={group}
            title={groups.length > 1 || group.service !== null ? group.label : undefined}
            entries={entries}
            granted={granted}
            set={set}
          />
        ))}
        {shown.length === 0 && (
          <Text c="dimmed" ta="center" size="sm" p="lg">
            {groups.length === 0 ? 'This server has no scopes.' : isReadOnly ? 'No scopes' : 'No resources match.'}
          </Text>
        )}
      </fieldset>
      {!isReadOnly && (
        <Text size="xs" c="dimmed" mt={6} id={hintId}>
          {audience === 'org' && 'Write does not include read: grant both where both are needed. '}
          With a keyboard, move between scopes with the arrow keys.
        </Text>
      )}
      {error && <Input.Error mt={4}>{error}</Input.Error>}
    </div>
  );
}

/** The same function at every render, which calls the latest one: rows that don't change aren't rendered again. */
function useStable(latest: SetScopes): SetScopes {
  const ref = useRef(latest);
  useLayoutEffect(() => {
    ref.current = latest;
  });
  return useCallback((scopes, isGranted) => ref.current(scopes, isGranted), []);
}
