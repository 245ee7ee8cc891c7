import { Skeleton, Stack } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useInfiniteQuery, useQueries, useQuery } from '@tanstack/react-query';
import { overlapsQuery } from '../api/audit';
import { keysQuery, usageByDayQuery } from '../api/keys';
import type { ApiKey } from '../api/wire';
import { EmptyState } from '../shell/empty-state';
import { KeyIcon, SearchIcon } from '../shell/icons';
import { MoreButton } from '../shell/more-button';
import { Problem } from '../shell/problem';
import { KeyCards } from './key-cards';
import { KIND_FILTERS, type KeysSearch } from './keys-search';
import { type KeysShown, KeysTable } from './keys-table';
import { NoKeysYet } from './no-keys-yet';

export function KeysList({ search: { tab, kind, q } }: { readonly search: KeysSearch }) {
  const hasRoom = useMediaQuery('(min-width: 75em)', true, { getInitialValueInEffect: false });
  const filters = { state: tab ?? 'active', ...(kind && KIND_FILTERS[kind]), ...(q && { search: q }) } as const;
  const { data, error, refetch, ...pages } = useInfiniteQuery({
    ...keysQuery(filters),
    placeholderData: (before) => before,
  });
  const { data: overlaps = {} } = useQuery(overlapsQuery);
  const days = useQueries({
    queries: (data?.pages ?? []).map(({ items }) => usageByDayQuery(items.filter(isUsed).map(({ id }) => id))),
    combine: (answers) => Object.assign({}, ...answers.map(({ data: found }) => found)) as KeysShown['days'],
  });

  if (error) return <Problem error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading />;
  const keys = data.pages.flatMap(({ items }) => items);
  if (keys.length === 0) return <Nothing isFiltered={kind !== undefined || q !== undefined} tab={tab} />;
  return (
    <>
      {hasRoom ? (
        <KeysTable keys={keys} overlaps={overlaps} days={days} />
      ) : (
        <KeyCards keys={keys} overlaps={overlaps} days={days} />
      )}
      <MoreButton {...pages} />
    </>
  );
}

function isUsed({ usage }: ApiKey): boolean {
  return usage.last_30_days > 0;
}

function Nothing({ isFiltered, tab }: { readonly isFiltered: boolean; readonly tab: KeysSearch['tab'] }) {
  if (isFiltered) {
    return (
      <div className="surface">
        <EmptyState icon={<SearchIcon size={22} />} title="No keys match">
          Try another search or filter.
        </EmptyState>
      </div>
    );
  }
  if (tab === undefined) return <NoKeysYet />;
  return (
    <div className="surface">
      <EmptyState icon={<KeyIcon size={24} />} title="No revoked or expired keys">
        Keys that no longer work are kept here, with their usage and audit.
      </EmptyState>
    </div>
  );
}

function Loading() {
  return (
    <Stack className="surface" p="md" gap="md" aria-busy aria-label="Loading keys">
      {[1, 2, 3, 4].map((row) => (
        <Skeleton key={row} h={44} radius="md" />
      ))}
    </Stack>
  );
}
