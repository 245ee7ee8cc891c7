import { Group, SegmentedControl } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import type { RequestFilters } from '../api/requests';
import { EmptyState } from '../shell/empty-state';
import { RequestsIcon } from '../shell/icons';
import classes from './request-drawer.module.css';
import { RequestLog } from './request-log';

const SHOWN = [
  { value: 'all', label: 'All' },
  { value: 'denied', label: 'Denied' },
];

/** The requests of one key, for its page. */
export function KeyRequests({ apiKeyId }: { readonly apiKeyId: string }) {
  const [shown, setShown] = useState('all');
  const [openedId, setOpenedId] = useState<string>();
  const filters = useMemo<RequestFilters>(
    () => ({ api_key_id: apiKeyId, ...(shown === 'denied' && { outcome: 'denied' }) }),
    [apiKeyId, shown],
  );
  return (
    <>
      <Group justify="space-between" mb="md">
        <SegmentedControl size="xs" data={SHOWN} value={shown} onChange={setShown} aria-label="Outcome" />
        <Link to="/requests" search={{ key: apiKeyId }} className={classes['link']!}>
          All filters and live tail
        </Link>
      </Group>
      <RequestLog
        filters={filters}
        isKeyShown={false}
        empty={
          <EmptyState
            icon={<RequestsIcon size={22} />}
            title={shown === 'denied' ? 'No denied requests' : 'No requests yet'}
          >
            {shown === 'denied'
              ? 'Every logged request with this key was allowed.'
              : 'Calls with this key appear here.'}
          </EmptyState>
        }
        openedId={openedId}
        onOpen={setOpenedId}
      />
    </>
  );
}
