import { SegmentedControl, Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { requestSummaryQuery } from '../api/requests';
import type { RequestSummary as Summary } from '../api/request-types';
import { Problem } from '../shell/problem';
import { count } from '../text/numbers';
import { reasonLabel } from '../text/reason-words';
import { bucketsOf } from './outcome-buckets';
import { OutcomeChart } from './outcome-chart';
import type { Change } from './request-filter-bar';
import { periodOf } from './request-period';
import classes from './request-summary.module.css';
import type { RequestsSearch } from './requests-search';

const PERIODS = [
  { value: '1', label: '24 hours' },
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
];
const REASONS_MAX = 5;
/** From before reasons were counted: the log has none of these. */
const UNCOUNTED = 'unknown';
const SUMMARY_PX = 280;

interface Props {
  readonly search: RequestsSearch;
  readonly onChange: (change: Change) => void;
}

/** How many requests were allowed and denied over time, and why. Counts all requests, also those that aren't logged. */
export function RequestSummary({ search, onChange }: Props) {
  const { days, key, from, reason } = search;
  // The chart stays while one of its bars is chosen.
  const period = periodOf(days ? { days } : {});
  const query = { ...period, ...(key && { api_key_id: key }) };
  const { data, error, refetch } = useQuery(requestSummaryQuery(query));
  if (error && !data) return <Problem error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton h={SUMMARY_PX} radius="lg" aria-label="Loading the chart" />;
  return (
    <div className={`surface ${classes['summary']}`}>
      <section aria-label="Requests over time">
        <div className={classes['numbers']}>
          <Numbers summary={data} />
          <SegmentedControl
            className={classes['period']!}
            size="xs"
            data={PERIODS}
            value={String(days ?? 1)}
            onChange={(value) =>
              onChange({ days: value === '1' ? undefined : (Number(value) as 7 | 30), from: undefined, to: undefined })
            }
            aria-label="Period"
          />
        </div>
        <OutcomeChart
          buckets={bucketsOf(data, period)}
          chosen={from === undefined ? undefined : Date.parse(from)}
          onChoose={({ start, end }) => onChange(start === Date.parse(from ?? '') ? NO_TIME : timeOf(start, end))}
        />
      </section>
      <section className={classes['why']} aria-labelledby="why-denied">
        <h2 id="why-denied">Why requests were denied</h2>
        <Reasons
          summary={data}
          chosen={reason}
          onChoose={(chosen) => onChange({ reason: chosen === reason ? undefined : chosen })}
        />
      </section>
    </div>
  );
}

const NO_TIME = { from: undefined, to: undefined };

function timeOf(start: number, end: number): Change {
  return { from: new Date(start).toISOString(), to: new Date(end).toISOString() };
}

function Numbers({ summary: { allowed, denied } }: { readonly summary: Summary }) {
  const all = allowed + denied;
  return (
    <dl style={{ display: 'contents' }}>
      <div className={classes['number']}>
        <dt>Requests</dt>
        <dd>{count(all)}</dd>
      </div>
      <div className={classes['number']}>
        <dt className={classes['allowed']}>Allowed</dt>
        <dd>{all === 0 ? '–' : shareOf(allowed, all)}</dd>
      </div>
      <div className={classes['number']}>
        <dt className={classes['denied']}>Denied</dt>
        <dd>{count(denied)}</dd>
      </div>
    </dl>
  );
}

/** `98.1 %`: 100 only if it is all of them. */
export function shareOf(part: number, all: number): string {
  const percent = (part / all) * 100;
  return `${part === all ? '100' : Math.min(99.9, percent).toFixed(1)} %`;
}

interface ReasonsProps {
  readonly summary: Summary;
  readonly chosen: string | undefined;
  readonly onChoose: (reason: string) => void;
}

/** The most frequent reasons. A click filters by one. */
function Reasons({ summary: { by_reason, denied }, chosen, onChoose }: ReasonsProps) {
  if (by_reason.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        No request was denied in this period.
      </Text>
    );
  }
  return (
    <ul className={classes['reasons']}>
      {by_reason.slice(0, REASONS_MAX).map(({ reason, requests }) => (
        <li key={reason}>
          <button
            type="button"
            className={classes['reason']}
            aria-pressed={chosen === reason}
            disabled={reason === UNCOUNTED}
            onClick={() => onChoose(reason)}
          >
            {reasonLabel(reason)}
            <span>{count(requests)}</span>
            <span
              className={classes['share']}
              style={{ width: `calc(${(requests / Math.max(denied, 1)) * 100}% - 16px)` }}
              aria-hidden
            />
          </button>
        </li>
      ))}
    </ul>
  );
}
