import { Button, Center, Loader, Skeleton, Stack } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { type ReactNode, useCallback, useEffect, useMemo } from 'react';
import { requestsQuery, type RequestFilters } from '../api/requests';
import { MoreButton } from '../shell/more-button';
import { Problem } from '../shell/problem';
import { counted } from '../text/numbers';
import { RequestDrawer } from './request-drawer';
import classes from './request-log.module.css';
import { RequestRows } from './request-rows';
import { type LiveRequests, withoutRepeats } from './use-live-requests';

interface Props {
  readonly filters: RequestFilters;
  readonly isKeyShown?: boolean;
  readonly live?: LiveRequests;
  /** Shown instead of a table without rows. */
  readonly empty: ReactNode;
  readonly openedId: string | undefined;
  /** Undefined closes the drawer. */
  readonly onOpen: (id: string | undefined) => void;
}

const NO_ROWS: LiveRequests['rows'] = [];
/** The server examines a part of the log for each page, which may have no match. Then the user decides. */
const EMPTY_PAGES_MAX = 8;

/** The logged requests that match the filters, newest first. A row opens a drawer with all of it. */
export function RequestLog({ filters, isKeyShown = true, live, empty, openedId, onOpen }: Props) {
  const { data, error, refetch, ...pages } = useInfiniteQuery(requestsQuery(filters));
  const { hasNextPage, isFetchingNextPage, fetchNextPage, isPlaceholderData } = pages;
  const added = live?.rows ?? NO_ROWS;
  const requests = useMemo(
    () => withoutRepeats([...added, ...(data?.pages.flatMap(({ items }) => items) ?? [])]),
    [added, data],
  );
  const fresh = useMemo(() => new Set(added.map(({ id }) => id)), [added]);
  const isFresh = useCallback((id: string) => fresh.has(id), [fresh]);
  const mayGoOn = hasNextPage && !isFetchingNextPage && emptyAtEnd(data?.pages) < EMPTY_PAGES_MAX;
  const loadMore = useCallback(() => {
    if (mayGoOn) void fetchNextPage();
  }, [mayGoOn, fetchNextPage]);
  const isEmpty = requests.length === 0;
  useEffect(() => {
    if (isEmpty) loadMore();
  }, [isEmpty, loadMore]);
  const position = requests.findIndex(({ id }) => id === openedId);

  if (error && !data) return <Problem error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading />;
  return (
    <>
      {live !== undefined && live.waiting > 0 && (
        <div className={classes['waiting']}>
          <Button size="compact-sm" radius="xl" onClick={live.showWaiting}>
            Show {counted(live.waiting, 'new request')}
          </Button>
        </div>
      )}
      <div className="surface" data-stale={isPlaceholderData || undefined}>
        {isEmpty ? (
          mayGoOn || isFetchingNextPage ? null : (
            empty
          )
        ) : (
          <RequestRows
            requests={requests}
            isKeyShown={isKeyShown}
            isFresh={isFresh}
            openedId={openedId}
            onOpen={onOpen}
            onEnd={loadMore}
          />
        )}
      </div>
      {error && <Problem error={error} onRetry={() => void fetchNextPage()} />}
      {isFetchingNextPage && (
        <Center py="md">
          <Loader size="sm" aria-label="Loading more requests" />
        </Center>
      )}
      {hasNextPage && !mayGoOn && !isFetchingNextPage && <MoreButton {...pages} />}
      {openedId !== undefined && (
        <RequestDrawer
          id={openedId}
          known={requests[position]}
          newerId={requests[position - 1]?.id}
          olderId={position < 0 ? undefined : requests[position + 1]?.id}
          onOpen={onOpen}
        />
      )}
    </>
  );
}

/** How many of the last pages have no rows. */
function emptyAtEnd(pages: readonly { readonly items: readonly unknown[] }[] = []): number {
  return pages.length - 1 - pages.findLastIndex(({ items }) => items.length > 0);
}

function Loading() {
  return (
    <Stack className="surface" p="md" gap="sm" aria-busy aria-label="Loading requests">
      {[1, 2, 3, 4, 5, 6, 7, 8].map((row) => (
        <Skeleton key={row} h={24} />
      ))}
    </Stack>
  );
}
