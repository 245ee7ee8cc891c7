import { Button, Checkbox, Group, Input, Skeleton, Table, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useId, useState } from 'react';
import { scopesQuery } from '../api/scopes';
import type { ScopeEntry } from '../api/wire';
import { SearchIcon } from '../shell/icons';
import { Problem } from '../shell/problem';
import { count } from '../text/numbers';
import { useArrowKeys } from './use-arrow-keys';
import classes from './scope-grid.module.css';

interface Props {
  readonly audience: ScopeEntry['audience'];
  readonly value: readonly string[];
  readonly onChange: (scopes: string[]) => void;
  readonly error?: ReactNode;
  /** Shows granted scopes only. */
  readonly isReadOnly?: boolean;
}

/** A table of resources and actions. */
export function ScopeGrid({ audience, value, onChange, error, isReadOnly = false }: Props) {
  const { data: catalogue, error: failure } = useQuery(scopesQuery);
  const [search, setSearch] = useState('');
  const { gridRef, ...arrowKeys } = useArrowKeys();
  const hintId = useId();
  if (failure) return <Problem error={failure} />;
  if (!catalogue) return <Skeleton h={240} />;

  const entries = catalogue.filter((entry) => entry.audience === audience);
  const actions = [...new Set(entries.flatMap((entry) => entry.actions))];
  const all = entries.flatMap(scopesOf);
  const isOffered = (entry: ScopeEntry) =>
    isReadOnly ? scopesOf(entry).some((scope) => value.includes(scope)) : matches(entry, search);
  const shown = entries.filter(isOffered);
  // A key may hold scopes of resources that have been switched off.
  const selected = all.filter((scope) => value.includes(scope)).length;
  const set = (scopes: readonly string[], isGranted: boolean) =>
    onChange(all.filter((scope) => (scopes.includes(scope) ? isGranted : value.includes(scope))));
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
        <Table ref={gridRef} {...arrowKeys} stickyHeader className={classes['grid']!} verticalSpacing={8}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Resource</Table.Th>
              {actions.map((action) => (
                <Table.Th key={action} scope="col" className={classes['cell']!}>
                  <Column action={action} entries={shown} value={value} set={set} />
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.map((entry) => (
              <ScopeRow key={entry.resource} entry={entry} actions={actions} value={value} set={set} />
            ))}
          </Table.Tbody>
        </Table>
        {shown.length === 0 && (
          <Text c="dimmed" ta="center" size="sm" p="lg">
            {entries.length === 0 ? 'This server has no scopes.' : isReadOnly ? 'No scopes' : 'No resources match.'}
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

type Granting = Pick<Props, 'value'> & { readonly set: (scopes: readonly string[], isGranted: boolean) => void };

/** Selects an action for all visible resources. */
function Column({ action, entries, value, set }: Granting & { action: string; entries: readonly ScopeEntry[] }) {
  const scopes = entries.filter((entry) => entry.actions.includes(action)).map((entry) => scopeOf(entry, action));
  const granted = scopes.filter((scope) => value.includes(scope)).length;
  return (
    <Checkbox
      size="xs"
      label={action}
      aria-label={`All ${action}`}
      disabled={scopes.length === 0}
      checked={scopes.length > 0 && granted === scopes.length}
      indeterminate={granted > 0 && granted < scopes.length}
      onChange={({ currentTarget }) => set(scopes, currentTarget.checked)}
      classNames={{ label: classes['action']! }}
    />
  );
}

function ScopeRow({ entry, actions, value, set }: Granting & { entry: ScopeEntry; actions: readonly string[] }) {
  const { label, description } = entry;
  const only = entry.actions.length === 1 ? `${entry.actions[0]} only` : undefined;
  return (
    <Table.Tr>
      <Table.Th scope="row" className={classes['resource']!}>
        <Text size="sm" fw={550}>
          {label}{' '}
          {only && (
            <Text span size="xs" c="dimmed" fw={450}>
              {only}
            </Text>
          )}
        </Text>
        <Text size="xs" c="dimmed" fw={400}>
          {description}
        </Text>
      </Table.Th>
      {actions.map((action) => {
        const scope = scopeOf(entry, action);
        return (
          <Table.Td key={action} className={classes['cell']!}>
            {entry.actions.includes(action) ? (
              <Checkbox
                size="sm"
                aria-label={scope}
                checked={value.includes(scope)}
                onChange={({ currentTarget }) => set([scope], currentTarget.checked)}
              />
            ) : (
              <Text span c="dimmed">
                <span aria-hidden>–</span>
                <span className="visually-hidden">There is no {scope}</span>
              </Text>
            )}
          </Table.Td>
        );
      })}
    </Table.Tr>
  );
}

function scopeOf({ resource }: ScopeEntry, action: string): string {
  return `${resource}:${action}`;
}

function scopesOf(entry: ScopeEntry): string[] {
  return entry.actions.map((action) => scopeOf(entry, action));
}

function matches({ resource, label, description }: ScopeEntry, search: string): boolean {
  return `${resource} ${label} ${description}`.toLowerCase().includes(search.trim().toLowerCase());
}
