import { Checkbox, Group, Table, Text } from '@mantine/core';
import { memo, useState } from 'react';
import type { ScopeEntry } from '../api/wire';
import { MoreButton } from '../shell/more-button';
import { type ScopeGroup, scopeOf } from './scope-groups';
import { useArrowKeys } from './use-arrow-keys';
import classes from './scope-grid.module.css';

/** A service has up to 1,000 resources. */
const SHOWN_AT_ONCE = 100;

export type SetScopes = (scopes: readonly string[], isGranted: boolean) => void;

interface Props {
  readonly group: ScopeGroup;
  /** Undefined if it is the only group. */
  readonly title: string | undefined;
  /** Those that the search finds. */
  readonly entries: readonly ScopeEntry[];
  readonly granted: ReadonlySet<string>;
  readonly set: SetScopes;
}

/** The resources of a group, with a column for each action, or with the actions side by side. */
export function ScopeTable({ group, title, entries, granted, set }: Props) {
  const { gridRef, ...arrowKeys } = useArrowKeys();
  const [shown, setShown] = useState(SHOWN_AT_ONCE);
  const of = group.service === null ? '' : ` of ${group.label}`;
  const all = { entries, granted, set };
  return (
    <>
      <Table
        ref={gridRef}
        {...arrowKeys}
        stickyHeader
        className={classes['grid']!}
        verticalSpacing={8}
        aria-label={title}
        data-side-by-side={group.columns ? undefined : true}
      >
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col" className={classes['title']!}>
              {title ?? 'Resource'}
              {group.description && (
                <Text size="xs" c="dimmed" fw={400} lineClamp={2}>
                  {group.description}
                </Text>
              )}
            </Table.Th>
            {group.columns?.map((action) => (
              <Table.Th key={action} scope="col" className={classes['cell']!}>
                <Everywhere {...all} label={action} name={`All ${action}${of}`} actions={[action]} />
              </Table.Th>
            )) ?? (
              <Table.Th scope="col" className={classes['actions']!}>
                <Everywhere {...all} label="all" name={`All actions${of}`} />
              </Table.Th>
            )}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {entries.slice(0, shown).map((entry) => (
            <ScopeRow
              key={entry.resource}
              entry={entry}
              columns={group.columns}
              granted={entry.actions.filter((action) => granted.has(scopeOf(entry, action))).join(' ')}
              set={set}
            />
          ))}
        </Table.Tbody>
      </Table>
      <MoreButton
        hasNextPage={entries.length > shown}
        isFetchingNextPage={false}
        fetchNextPage={() => setShown(shown + SHOWN_AT_ONCE)}
      />
    </>
  );
}

interface EverywhereProps extends Pick<Props, 'entries' | 'granted' | 'set'> {
  readonly label: string;
  readonly name: string;
  /** Undefined: all actions of each resource. */
  readonly actions?: readonly string[];
}

/** Selects actions for all resources that the search finds. */
function Everywhere({ label, name, actions, entries, granted, set }: EverywhereProps) {
  const scopes = entries.flatMap((entry) =>
    entry.actions.filter((action) => actions?.includes(action) ?? true).map((action) => scopeOf(entry, action)),
  );
  const selected = scopes.filter((scope) => granted.has(scope)).length;
  return (
    <Checkbox
      size="xs"
      label={label}
      aria-label={name}
      disabled={scopes.length === 0}
      checked={scopes.length > 0 && selected === scopes.length}
      indeterminate={selected > 0 && selected < scopes.length}
      onChange={({ currentTarget }) => set(scopes, currentTarget.checked)}
      classNames={{ label: classes['action']! }}
    />
  );
}

interface RowProps extends Pick<Props, 'set'> {
  readonly entry: ScopeEntry;
  readonly columns: ScopeGroup['columns'];
  /** The granted actions in one string, so that only rows that change are rendered again. */
  readonly granted: string;
}

const ScopeRow = memo(({ entry, columns, granted, set }: RowProps) => {
  const { label, description, actions } = entry;
  const only = columns && actions.length === 1 ? `${actions[0]} only` : undefined;
  const box = (action: string) => ({
    'aria-label': scopeOf(entry, action),
    checked: granted.split(' ').includes(action),
    onChange: ({ currentTarget }: { readonly currentTarget: HTMLInputElement }) =>
      set([scopeOf(entry, action)], currentTarget.checked),
  });
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
      {columns ? (
        columns.map((action) => (
          <Table.Td key={action} className={classes['cell']!}>
            {actions.includes(action) ? (
              <Checkbox size="sm" {...box(action)} />
            ) : (
              <Text span c="dimmed">
                <span aria-hidden>–</span>
                <span className="visually-hidden">There is no {scopeOf(entry, action)}</span>
              </Text>
            )}
          </Table.Td>
        ))
      ) : (
        <Table.Td className={classes['actions']!}>
          <Group gap="6px 16px">
            {actions.map((action) => (
              <Checkbox key={action} size="sm" label={action} {...box(action)} />
            ))}
          </Group>
        </Table.Td>
      )}
    </Table.Tr>
  );
});
ScopeRow.displayName = 'ScopeRow';
