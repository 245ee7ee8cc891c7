import { Button, NativeSelect, Tabs, TextInput } from '@mantine/core';
import { useDebouncedCallback, useDisclosure } from '@mantine/hooks';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { ChangeButton } from '../shell/change-button';
import { AuditIcon, PlugIcon, SearchIcon } from '../shell/icons';
import { MemberNotice } from '../shell/member-notice';
import { PageHeader } from '../shell/page-header';
import { KIND_LABELS } from '../text/key-words';
import { KeysList } from './keys-list';
import classes from './keys-page.module.css';
import type { KeysSearch } from './keys-search';
import { NewKeyButton } from './new-key-button';

const KeyAuditModal = lazy(() => import('../audit/key-audit-modal'));
const route = getRouteApi('/');
const KINDS = [
  { value: '', label: 'All kinds' },
  ...Object.entries({ ...KIND_LABELS, event: 'Event' }).map(([value, label]) => ({ value, label })),
];

export function KeysPage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const [isAuditOpen, audit] = useDisclosure();
  const show = (change: Partial<Record<keyof KeysSearch, string | undefined>>) =>
    void navigate({ to: '/', search: { ...search, ...change } as KeysSearch, replace: true });
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
      <Tabs value={search.tab ?? 'active'} onChange={(tab) => show({ tab: tab === 'inactive' ? tab : undefined })}>
        <div className={classes['bar']}>
          <Tabs.List className={classes['tabs']!}>
            <Tabs.Tab value="active">Active</Tabs.Tab>
            <Tabs.Tab value="inactive">Revoked / Expired</Tabs.Tab>
          </Tabs.List>
          <div className={classes['filters']}>
            <SearchField value={search.q ?? ''} onChange={(q) => show({ q: q || undefined })} />
            <NativeSelect
              aria-label="Kind"
              data={KINDS}
              value={search.kind ?? ''}
              onChange={({ currentTarget }) => show({ kind: currentTarget.value || undefined })}
              w={150}
            />
          </div>
        </div>
        <Tabs.Panel value={search.tab ?? 'active'}>
          <KeysList search={search} />
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

interface SearchFieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** Searches when typing pauses, and follows the URL when it changes otherwise. */
function SearchField({ value, onChange }: SearchFieldProps) {
  const [typed, setTyped] = useState(value);
  const asked = useRef(value);
  const ask = useDebouncedCallback((text: string) => {
    asked.current = text;
    onChange(text);
  }, 250);
  useEffect(() => {
    if (value === asked.current) return;
    asked.current = value;
    ask.cancel();
    setTyped(value);
  }, [value, ask]);
  return (
    <TextInput
      type="search"
      aria-label="Search keys"
      placeholder="Search by name, description or key"
      leftSection={<SearchIcon size={16} />}
      maxLength={100}
      value={typed}
      onChange={({ currentTarget }) => {
        setTyped(currentTarget.value);
        ask(currentTarget.value);
      }}
    />
  );
}
