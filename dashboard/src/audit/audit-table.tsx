import { Skeleton, Stack, Table, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { type AuditFilters, auditQuery } from '../api/audit';
import type { AuditEntry } from '../api/wire';
import { EmptyState } from '../shell/empty-state';
import { AuditIcon } from '../shell/icons';
import { MoreButton } from '../shell/more-button';
import { Problem } from '../shell/problem';
import { When } from '../text/when';
import classes from './audit-table.module.css';
import { actionWords } from './audit-words';
import { EntryChanges } from './entry-changes';

interface Props {
  readonly filters: AuditFilters;
  /** Leaves out entries that the filters can't. */
  readonly isShown?: (entry: AuditEntry) => boolean;
}

const ROWS_MIN = 10;

export function AuditTable({ filters, isShown = () => true }: Props) {
  const { data, error, refetch, ...pages } = useInfiniteQuery(auditQuery(filters));
  const entries = data?.pages.flatMap(({ items }) => items).filter(isShown) ?? [];
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = pages;
  const isShort = data !== undefined && entries.length < ROWS_MIN && hasNextPage && !isFetchingNextPage && !error;
  useEffect(() => {
    if (isShort) void fetchNextPage();
  }, [isShort, fetchNextPage]);

  if (error) return <Problem error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading />;
  if (entries.length === 0) {
    return (
      <div className="surface">
        <EmptyState icon={<AuditIcon size={22} />} title="Nothing here">
          Nothing of the kind has happened.
        </EmptyState>
      </div>
    );
  }
  return (
    <>
      <Table.ScrollContainer minWidth={640} type="native" className="surface">
        <Table className={classes['table']!} verticalSpacing="sm" horizontalSpacing="md" aria-label="Audit">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">When</Table.Th>
              <Table.Th scope="col">What</Table.Th>
              <Table.Th scope="col">Before and after</Table.Th>
              <Table.Th scope="col">From</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {entries.map((entry) => (
              <EntryRow key={entry.id} entry={entry} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <MoreButton {...pages} />
    </>
  );
}

function EntryRow({ entry: { created_at, action, actor, target, changes, ip } }: { readonly entry: AuditEntry }) {
  const isSelf = action === 'session.started';
  return (
    <Table.Tr>
      <Table.Td className={classes['when']!}>
        <When at={created_at} />
      </Table.Td>
      <Table.Td>
        <Text size="sm">
          <strong>{actor.name}</strong> {actionWords(action)} {!isSelf && <strong>{target.name}</strong>}
        </Text>
      </Table.Td>
      <Table.Td>{changes && <EntryChanges changes={changes} />}</Table.Td>
      <Table.Td className="mono">{ip ?? '–'}</Table.Td>
    </Table.Tr>
  );
}

function Loading() {
  return (
    <Stack className="surface" p="md" aria-busy aria-label="Loading the audit">
      {[1, 2, 3, 4, 5].map((row) => (
        <Skeleton key={row} h={28} />
      ))}
    </Stack>
  );
}
