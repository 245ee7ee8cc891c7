import { Button, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { scopeUsesQuery } from '../api/key-insight';
import type { ApiKey, ScopeUses } from '../api/wire';
import { Section } from '../key-form/section';
import { Problem } from '../shell/problem';
import { count, counted } from '../text/numbers';
import { RemoveScopes, UndoRemoval } from './remove-scopes';
import { ScopeUseTable } from './scope-use-table';
import classes from './scopes-section.module.css';
import { SufficientScopes } from './sufficient-scopes';

const SHOWN_AT_ONCE = 10;

/** What was granted against what was used. */
export function ScopesSection({ shown }: { readonly shown: ApiKey }) {
  const { data, error, refetch } = useQuery(scopeUsesQuery(shown.id));
  const [isWhole, setWhole] = useState(false);
  const isActive = shown.state === 'active';
  const items = data ? inOrder(data) : [];
  return (
    <div id="scopes" className={classes['section']}>
      <Section
        title="Scopes"
        {...(data && { hint: summaryOf(data) })}
        control={
          isActive && data && data.removable.length > 0 && <RemoveScopes id={shown.id} scopes={data.removable} />
        }
      >
        {error && <Problem error={error} onRetry={() => void refetch()} />}
        {!data && !error && <Skeleton h={200} />}
        {isActive && data?.undo && <UndoRemoval id={shown.id} undo={data.undo} />}
        {isActive && data?.access === 'full' && <SufficientScopes id={shown.id} uses={data} />}
        {items.length > 0 && <ScopeUseTable items={isWhole ? items : items.slice(0, SHOWN_AT_ONCE)} />}
        {items.length > SHOWN_AT_ONCE && (
          <Button variant="subtle" size="compact-sm" onClick={() => setWhole(!isWhole)} aria-expanded={isWhole}>
            {isWhole ? 'Show fewer' : `Show all ${count(items.length)} scopes`}
          </Button>
        )}
      </Section>
    </div>
  );
}

/** Those that advice concerns first, then the most used. */
function inOrder({ items }: ScopeUses): ScopeUses['items'] {
  return items.toSorted(
    (one, other) =>
      Number(other.advice !== null) - Number(one.advice !== null) || other.uses_90_days - one.uses_90_days,
  );
}

const ADVICE_AFTER_DAYS = 30;

function summaryOf({ access, items, observed_days }: ScopeUses): string {
  const used = items.filter(({ uses_90_days }) => uses_90_days > 0).length;
  const granted =
    access === 'full' ? 'Full access' : `${counted(items.filter((it) => it.granted).length, 'scope')} granted`;
  const young =
    observed_days < ADVICE_AFTER_DAYS
      ? ` Advice on unused scopes starts after ${ADVICE_AFTER_DAYS} days; uses are counted for ${counted(observed_days, 'day')} so far.`
      : '';
  return `${granted}, ${count(used)} used in the last 90 days.${young}`;
}
