import { Button, Tabs } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { ChangeButton } from '../shell/change-button';
import { AuditIcon, PlugIcon } from '../shell/icons';
import { MemberNotice } from '../shell/member-notice';
import { PageHeader } from '../shell/page-header';
import { KeysList } from './keys-list';
import classes from './keys-page.module.css';
import { KEYS_TABS, type KeysChange, type KeysSearch } from './keys-search';
import { NewKeyButton } from './new-key-button';
import { SearchField } from './search-field';

const ImportProgress = lazy(() => import('./import-progress'));
const KeyAuditModal = lazy(() => import('../audit/key-audit-modal'));
const route = getRouteApi('/');

export function KeysPage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const [isAuditOpen, audit] = useDisclosure();
  const show = (change: KeysChange) =>
    void navigate({ to: '/', search: { ...search, ...change } as KeysSearch, replace: true });
  const tab = search.tab ?? 'active';
  return (
    <>
      <PageHeader title="API keys" description="Keys that can call the API for this organization, and their usage.">
        <Button variant="default" leftSection={<AuditIcon size={16} />} onClick={audit.open}>
          Audit
        </Button>
        <ChangeButton
          variant="default"
          leftSection={<PlugIcon size={16} />}
          onClick={() => void navigate({ to: '/keys/new', search: { type: 'openconnect' } })}
        >
          Setup integration
        </ChangeButton>
        <NewKeyButton />
      </PageHeader>
      <MemberNotice what="every key and its usage" />
      <Suspense>
        <ImportProgress />
      </Suspense>
      <Tabs
        value={tab}
        onChange={(chosen) =>
          show({ tab: KEYS_TABS.find((known) => known === chosen), finding: undefined, tag: undefined })
        }
      >
        <div className={classes['bar']}>
          <Tabs.List className={classes['tabs']!}>
            <Tabs.Tab value="active">Active</Tabs.Tab>
            <Tabs.Tab value="suspended">Suspended</Tabs.Tab>
            <Tabs.Tab value="inactive">Revoked / Expired</Tabs.Tab>
          </Tabs.List>
          <SearchField value={search.q ?? ''} onChange={(q) => show({ q: q || undefined })} />
        </div>
        <Tabs.Panel value={tab}>
          <KeysList key={tab} search={search} onChange={show} />
        </Tabs.Panel>
      </Tabs>
      {isAuditOpen && (
        <Suspense>
          <KeyAuditModal onClose={audit.close} />
        </Suspense>
      )}
    </>
  );
}
