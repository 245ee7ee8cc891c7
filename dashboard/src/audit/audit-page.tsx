import '../form-styles';
import { Button } from '@mantine/core';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { type AuditFilters, auditCsvUrl } from '../api/audit';
import type { ActorType } from '../api/wire';
import { DownloadIcon } from '../shell/icons';
import { PageHeader } from '../shell/page-header';
import { endOfDay, startOfDay } from '../text/dates';
import { AuditFilterBar } from './audit-filter-bar';
import type { AuditSearch } from './audit-search';
import { AuditTable } from './audit-table';

const route = getRouteApi('/audit');

export function AuditPage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const filters = filtersOf(search);
  const clear = (
    <Button variant="default" onClick={() => void navigate({ to: '/audit', search: {}, replace: true })}>
      Clear filters
    </Button>
  );
  return (
    <>
      <PageHeader
        title="Audit"
        description="Every change to keys, members, agents and settings, and every sign-in. Entries can't be changed."
      >
        <Button
          component="a"
          href={auditCsvUrl(filters)}
          download
          variant="default"
          leftSection={<DownloadIcon size={16} />}
        >
          Download CSV
        </Button>
      </PageHeader>
      <AuditFilterBar />
      <AuditTable filters={filters} remedy={Object.keys(search).length > 0 && clear} />
    </>
  );
}

const ID_LENGTH = 36;

function filtersOf({ action, actor, key, from, to }: AuditSearch): AuditFilters {
  return {
    ...(action && { action }),
    ...(actor && (actor.length === ID_LENGTH ? { actor_id: actor } : { actor_type: actor as ActorType })),
    ...(key && { api_key_id: key }),
    ...(from && { from: startOfDay(from).toISOString() }),
    ...(to && { to: endOfDay(to).toISOString() }),
  };
}
