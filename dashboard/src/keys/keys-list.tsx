import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { overviewQuery } from '../api/key-insight';
import { useMayChange } from '../api/session';
import { EmptyState } from '../shell/empty-state';
import { KeyIcon, SearchIcon } from '../shell/icons';
import { Problem } from '../shell/problem';
import { count } from '../text/numbers';
import { BulkBar } from './bulk-bar';
import { filterKeys } from './filter-keys';
import { FilterChips } from './filter-chips';
import classes from './keys-list.module.css';
import type { KeysChange, KeysSearch, KeysTab } from './keys-search';
import { KeysTable } from './keys-table';
import { KeysTotals } from './keys-totals';
import { NoKeysYet } from './no-keys-yet';
import { DEFAULT_SORT, type KeySort, sortKeys } from './sort-keys';
import { SortSelect } from './sort-select';
import { useSelection } from './use-selection';

const BULK_ACTIONS = {
  active: ['set_expiry', 'suspend', 'revoke'],
  suspended: ['resume', 'revoke'],
  inactive: [],
} as const;

interface Props {
  readonly search: KeysSearch;
  readonly onChange: (change: KeysChange) => void;
}

export function KeysList({ search, onChange }: Props) {
  const { tab = 'active', kind, finding, tag, q, sort = DEFAULT_SORT } = search;
  const { data, error, refetch } = useQuery(overviewQuery(tab));
  // Suspended keys can work again, and have a list of their own.
  const all = useMemo(
    () => (tab === 'inactive' ? data?.items.filter(({ state }) => state !== 'suspended') : data?.items),
    [data, tab],
  );
  const { keys, ...counts } = useMemo(
    () =>
      filterKeys(all ?? [], {
        ...(kind && { kind }),
        ...(finding && { finding }),
        ...(tag && { tag }),
        ...(q && { q }),
      }),
    [all, kind, finding, tag, q],
  );
  const listed = useMemo(() => sortKeys(keys, sort), [keys, sort]);
  const selection = useSelection(listed);
  const maySelect = useMayChange() && tab !== 'inactive';

  if (error) return <Problem error={error} onRetry={() => void refetch()} />;
  if (!data || !all) return <Loading />;
  if (all.length === 0) return <Nothing tab={tab} />;
  const onSort = (chosen: KeySort) => onChange({ sort: chosen === DEFAULT_SORT ? undefined : chosen });
  return (
    <>
      <FilterChips search={search} counts={counts} onChange={onChange} />
      <SortSelect sort={sort} onSort={onSort} />
      {maySelect && <BulkBar keys={listed} selection={selection} actions={BULK_ACTIONS[tab]} />}
      {listed.length === 0 ? (
        <div className="surface">
          <EmptyState icon={<SearchIcon size={22} />} title="No keys match">
            <button
              type="button"
              className={classes['clear']}
              onClick={() => onChange({ q: undefined, kind: undefined, finding: undefined, tag: undefined })}
            >
              Clear filters
            </button>
          </EmptyState>
        </div>
      ) : (
        <div className="surface">
          <KeysTotals keys={listed} />
          <KeysTable keys={listed} sort={sort} onSort={onSort} selection={maySelect ? selection : undefined} />
        </div>
      )}
      {!data.is_complete && <Rest shown={all.length} />}
    </>
  );
}

function Rest({ shown }: { readonly shown: number }) {
  return <p className={classes['rest']}>These are the newest {count(shown)} keys. Older ones are not listed.</p>;
}

const NOTHING = {
  suspended: {
    title: 'No suspended keys',
    words: 'Suspend a key to deny its requests for a while. It keeps its settings, and you can resume it.',
  },
  inactive: {
    title: 'No revoked or expired keys',
    words: 'Revoked and expired keys stay here with their history.',
  },
} as const;

function Nothing({ tab }: { readonly tab: 'active' | KeysTab }) {
  if (tab === 'active') return <NoKeysYet />;
  const { title, words } = NOTHING[tab];
  return (
    <div className="surface">
      <EmptyState icon={<KeyIcon size={24} />} title={title}>
        {words}
      </EmptyState>
    </div>
  );
}

function Loading() {
  return (
    <div className={`surface ${classes['loading']}`} aria-busy aria-label="Loading keys">
      {[1, 2, 3, 4, 5, 6].map((row) => (
        <Skeleton key={row} h={20} radius="sm" />
      ))}
    </div>
  );
}
