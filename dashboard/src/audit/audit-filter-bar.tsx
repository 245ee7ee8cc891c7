import { Button, Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { actorsQuery } from '../api/audit';
import classes from './audit-filter-bar.module.css';
import type { AuditSearch } from './audit-search';
import { ACTION_WORDS } from './audit-words';
import { KeySelect } from './key-select';
import { partyName } from './party-link';

const route = getRouteApi('/audit');
const ACTIONS = Object.entries(ACTION_WORDS).map(([value, words]) => ({
  value,
  label: words[0]!.toUpperCase() + words.slice(1),
}));
const TYPE_WORDS: Readonly<Record<string, string>> = { partner: 'partner', api_key: 'API key' };

export function AuditFilterBar() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const { data: actors = [] } = useQuery(actorsQuery);
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
        label="Actor"
        placeholder="All"
        data={actors.map(({ type, id, name }) => ({
          value: id ?? type,
          label: TYPE_WORDS[type] ? `${name} (${TYPE_WORDS[type]})` : partyName({ id, name }),
        }))}
        value={search.actor ?? null}
        onChange={(actor) => show({ actor: actor ?? undefined })}
        {...common}
      />
      <KeySelect className={classes['key']!} value={search.key} onChange={(key) => show({ key })} />
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
        <Button
          className={classes['clear']!}
          variant="subtle"
          onClick={() => void navigate({ to: '/audit', search: {}, replace: true })}
        >
          Clear filters
        </Button>
      )}
    </div>
  );
}
