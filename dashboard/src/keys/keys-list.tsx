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
import type { KeysSearch } from './keys-search';
import { KeysTable } from './keys-table';
import { KeysTotals } from './keys-totals';
import { NoKeysYet } from './no-keys-yet';
import { DEFAULT_SORT, sortKeys } from './sort-keys';
import { SortSelect } from './sort-select';
import { useSelection } from './use-selection';

interface Props {
  readonly search: KeysSearch;
  readonly onChange: (change: Partial<Record<keyof KeysSearch, string | undefined>>) => void;
}

export function KeysList({ search, onChange }: Props) {
  const { tab = 'active', kind, finding, q, sort = DEFAULT_SORT } = search;
  const { data, error, refetch } = useQuery(overviewQuery(tab));
  const all = data?.items;
  const { keys, ...counts } = useMemo(
    () => filterKeys(all ?? [], { ...(kind && { kind }), ...(finding && { finding }), ...(q && { q }) }),
    [all, kind, finding, q],
  );
  const listed = useMemo(() => sortKeys(keys, sort), [keys, sort]);
  const selection = useSelection(listed);
  const maySelect = useMayChange() && tab === 'active';

  if (error) return <Problem error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading />;
  if (data.items.length === 0) return <Nothing isActive={tab === 'active'} />;
  const onSort = (chosen: string) => onChange({ sort: chosen === DEFAULT_SORT ? undefined : chosen });
  return (
    <>
      <FilterChips search={search} counts={counts} onChange={onChange} />
      <SortSelect sort={sort} onSort={onSort} />
      {maySelect && <BulkBar keys={listed} selection={selection} />}
      {listed.length === 0 ? (
        <div className="surface">
          <EmptyState icon={<SearchIcon size={22} />} title="No keys match">
            <button
              type="button"
              className={classes['clear']}
              onClick={() => onChange({ q: undefined, kind: undefined, finding: undefined })}
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
      {!data.is_complete && <Rest shown={data.items.length} />}
    </>
  );
}

function Rest({ shown }: { readonly shown: number }) {
  return <p className={classes['rest']}>These are the newest {count(shown)} keys. Older ones are not listed.</p>;
}

function Nothing({ isActive }: { readonly isActive: boolean }) {
  if (isActive) return <NoKeysYet />;
  return (
    <div className="surface">
      <EmptyState icon={<KeyIcon size={24} />} title="No revoked or expired keys">
        Revoked and expired keys stay here with their history.
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
