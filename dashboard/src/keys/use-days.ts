import { useDebouncedValue } from '@mantine/hooks';
import { type UseQueryResult, useQueries } from '@tanstack/react-query';
import { usageByDayQuery } from '../api/keys';
import type { KeySummary, UsageDay } from '../api/wire';
import type { RowRange } from '../shell/visible-rows';

type Days = Readonly<Record<string, readonly UsageDay[]>>;

/** Half of what the server accepts in a request, and more than a window shows. */
const BLOCK = 50;
/** Rows that only fly past while scrolling need no usage. */
const REST_MS = 120;

/** The usage by day of the keys in the range, by key, requested in blocks of rows. */
export function useDays(keys: readonly KeySummary[], { first, end }: RowRange): Days {
  const [place] = useDebouncedValue(`${Math.floor(first / BLOCK)} ${Math.ceil(end / BLOCK)}`, REST_MS, {
    leading: true,
  });
  const [from, to] = place.split(' ').map(Number) as [number, number];
  return useQueries({
    queries: Array.from({ length: Math.max(0, to - from) }, (_, index) =>
      usageByDayQuery(usedIn(keys.slice((from + index) * BLOCK, (from + index + 1) * BLOCK))),
    ),
    combine,
  });
}

function usedIn(keys: readonly KeySummary[]): string[] {
  return keys.filter(({ requests_30_days }) => requests_30_days > 0).map(({ id }) => id);
}

function combine(answers: readonly UseQueryResult<Days>[]): Days {
  return Object.assign({}, ...answers.map(({ data }) => data)) as Days;
}
