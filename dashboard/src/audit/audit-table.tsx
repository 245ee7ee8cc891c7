import { Skeleton, Stack, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Fragment, type ReactNode, useEffect } from 'react';
import { type AuditFilters, auditQuery } from '../api/audit';
import type { AuditEntry } from '../api/wire';
import { EmptyState } from '../shell/empty-state';
import { AuditIcon } from '../shell/icons';
import { MoreButton } from '../shell/more-button';
import { Problem } from '../shell/problem';
import { RecordCell, RecordGroup, RecordRow, RecordTable } from '../shell/record-table';
import { dayWords } from '../text/dates';
import { When } from '../text/when';
import classes from './audit-table.module.css';
import { actionWords } from './audit-words';
import { EntryChanges } from './entry-changes';
import { ActorLink, TargetLink } from './party-link';

interface Props {
  readonly filters: AuditFilters;
  /** Excludes entries that the server can't filter. */
  readonly isShown?: (entry: AuditEntry) => boolean;
  /** Shown when no entry matches, such as a button that clears the filters. */
  readonly remedy?: ReactNode;
}

const COLUMNS = ['Time', 'Event', 'Details', 'IP address'];
const ROWS_MIN = 10;

export function AuditTable({ filters, isShown = () => true, remedy }: Props) {
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
        <EmptyState icon={<AuditIcon size={22} />} title="No entries match">
          {remedy}
        </EmptyState>
      </div>
    );
  }
  return (
    <>
      <RecordTable label="Audit" columns={COLUMNS}>
        {byDay(entries).map(([day, ofDay]) => (
          <Fragment key={day}>
            <RecordGroup columns={COLUMNS.length}>{day}</RecordGroup>
            {ofDay.map((entry) => (
              <EntryRow key={entry.id} entry={entry} />
            ))}
          </Fragment>
        ))}
      </RecordTable>
      <MoreButton {...pages} />
    </>
  );
}

/** The entries under the words of their day; both newest first. */
function byDay(entries: readonly AuditEntry[]): [string, AuditEntry[]][] {
  const days = new Map<string, AuditEntry[]>();
  for (const entry of entries) {
    const day = dayWords(entry.created_at);
    const others = days.get(day);
    if (others) others.push(entry);
    else days.set(day, [entry]);
  }
  return [...days];
}

function EntryRow({ entry: { created_at, action, actor, target, changes, ip } }: { readonly entry: AuditEntry }) {
  const isSelf = action === 'session.started' || action === 'session.ended';
  return (
    <RecordRow>
      <RecordCell className={`time ${classes['when']}`}>
        <When at={created_at} as="time" />
      </RecordCell>
      <RecordCell place="line" className={classes['what']}>
        <Text size="sm" className="name">
          <ActorLink actor={actor} /> {actionWords(action)} {!isSelf && <TargetLink target={target} />}
        </Text>
      </RecordCell>
      <RecordCell place="line">{changes && <EntryChanges changes={changes} />}</RecordCell>
      <RecordCell className={`mono ${classes['from']}`}>{ip ?? '–'}</RecordCell>
    </RecordRow>
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
