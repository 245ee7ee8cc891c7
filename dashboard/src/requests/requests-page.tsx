import '../form-styles';
import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { requestsCsvUrl } from '../api/requests';
import { DownloadIcon } from '../shell/icons';
import { PageHeader } from '../shell/page-header';
import { NoRequests } from './no-requests';
import { type Change, RequestFilterBar } from './request-filter-bar';
import { RequestLog } from './request-log';
import { filtersOf, withoutPeriod } from './request-period';
import { RequestSummary } from './request-summary';
import classes from './requests-page.module.css';
import type { RequestsSearch } from './requests-search';
import { type LiveState, useLiveRequests } from './use-live-requests';

const route = getRouteApi('/requests');

const LIVE_WORDS: Readonly<Record<LiveState, string>> = {
  off: 'Live tail',
  connecting: 'Connecting…',
  live: 'Live',
  ended: 'Live tail ended',
};

export function RequestsPage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const [isLive, { toggle, close }] = useDisclosure();
  const change = (changes: Change) =>
    void navigate({
      to: '/requests',
      search: { ...search, open: undefined, ...changes } as RequestsSearch,
      replace: true,
    });
  // A step of the drawer is no step of the history; opening it is, so that Back closes it.
  const open = (id: string | undefined) =>
    void navigate({
      to: '/requests',
      search: { ...search, open: id } as RequestsSearch,
      replace: search.open !== undefined,
      resetScroll: false,
    });
  const { open: openedId, ...wanted } = search;
  const key = JSON.stringify(wanted);
  // Not anew in each render: the period ends now.
  const filters = useMemo(() => filtersOf(JSON.parse(key) as RequestsSearch), [key]);
  const live = useLiveRequests(withoutPeriod(search), isLive);
  return (
    <>
      <PageHeader title="Requests" description="Calls with the keys of this organization, and why they were denied.">
        <Button
          variant="default"
          leftSection={<span className={classes['live']} data-state={live.state} />}
          aria-pressed={isLive}
          onClick={live.state === 'ended' ? close : toggle}
        >
          {LIVE_WORDS[live.state]}
        </Button>
        <Button
          component="a"
          href={requestsCsvUrl(filters)}
          download
          variant="default"
          leftSection={<DownloadIcon size={16} />}
        >
          Download CSV
        </Button>
      </PageHeader>
      <RequestSummary search={search} onChange={change} />
      <RequestFilterBar
        search={search}
        onChange={change}
        onClear={() =>
          void navigate({ to: '/requests', search: search.days ? { days: search.days } : {}, replace: true })
        }
      />
      <RequestLog
        filters={filters}
        live={live}
        empty={<NoRequests search={search} onClear={() => void navigate({ to: '/requests', search: {} })} />}
        openedId={openedId}
        onOpen={open}
      />
    </>
  );
}
