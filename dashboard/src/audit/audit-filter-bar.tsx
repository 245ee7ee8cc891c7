import { Button, Select, TextInput } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { keysQuery } from '../api/keys';
import { membersQuery } from '../api/members';
import classes from './audit-filter-bar.module.css';
import type { AuditSearch } from './audit-search';
import { ACTION_WORDS } from './audit-words';

const route = getRouteApi('/audit');
const ACTIONS = Object.entries(ACTION_WORDS).map(([value, words]) => ({
  value,
  label: words[0]!.toUpperCase() + words.slice(1),
}));

export function AuditFilterBar() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const { data: members } = useInfiniteQuery(membersQuery);
  const { data: active } = useInfiniteQuery(keysQuery({ state: 'active' }));
  const { data: ended } = useInfiniteQuery(keysQuery({ state: 'inactive' }));
  const people = members?.pages
    .flatMap(({ items }) => items)
    .map(({ user_id, name }) => ({ value: user_id, label: name }));
  const keys = [...(active?.pages ?? []), ...(ended?.pages ?? [])]
    .flatMap(({ items }) => items)
    .map(({ id, name, state }) => ({ value: id, label: state === 'active' ? name : `${name} (${state})` }));
  const show = (change: Partial<Record<keyof AuditSearch, string | undefined>>) =>
    void navigate({ to: '/audit', search: { ...search, ...change } as AuditSearch, replace: true });
  const common = { clearable: true, searchable: true } as const;
  return (
    <div className={classes['filters']}>
      <Select
        label="Action"
        placeholder="All"
        data={ACTIONS}
        value={search.action ?? null}
        onChange={(action) => show({ action: action ?? undefined })}
        {...common}
      />
      <Select
        label="By"
        placeholder="Everybody"
        data={people ?? []}
        value={search.actor ?? null}
        onChange={(actor) => show({ actor: actor ?? undefined })}
        {...common}
      />
      <Select
        label="API key"
        placeholder="All"
        data={keys}
        value={search.key ?? null}
        onChange={(key) => show({ key: key ?? undefined })}
        {...common}
      />
      <TextInput
        type="date"
        label="From"
        value={search.from ?? ''}
        onChange={({ currentTarget }) => show({ from: currentTarget.value || undefined })}
      />
      <TextInput
        type="date"
        label="To"
        value={search.to ?? ''}
        onChange={({ currentTarget }) => show({ to: currentTarget.value || undefined })}
      />
      {Object.keys(search).length > 0 && (
        <Button variant="subtle" onClick={() => void navigate({ to: '/audit', search: {}, replace: true })}>
          Clear
        </Button>
      )}
    </div>
  );
}
