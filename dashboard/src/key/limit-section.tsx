import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { healthQuery } from '../api/key-insight';
import type { ApiKey, LimitWindow } from '../api/wire';
import { Section } from '../key-form/section';
import { count, counted, percent } from '../text/numbers';
import classes from './limit-section.module.css';

const WINDOW_WORDS: Readonly<Record<string, string>> = { 'key-min': 'This minute', 'key-hour': 'This hour' };
const NEAR_SHARE = 0.8;

/** How much of the rate limit is left. The error of the query is shown by the verdict. */
export function LimitSection({ shown: { id } }: { readonly shown: ApiKey }) {
  const { data } = useQuery(healthQuery(id));
  return (
    <Section title="Rate limit">
      {data ? (
        <>
          {data.limit.windows.map((window) => (
            <Headroom key={window.name} window={window} />
          ))}
          <Denied requests={data.limit.denied_7_days} />
        </>
      ) : (
        <Skeleton h={88} />
      )}
    </Section>
  );
}

function Headroom({ window: { name, limit, remaining, peak_share } }: { readonly window: LimitWindow }) {
  const used = Math.max(0, limit - remaining);
  const label = WINDOW_WORDS[name] ?? name;
  return (
    <div className={classes['window']}>
      <div className={classes['words']}>
        <span>{label}</span>
        <span className="number">
          <strong>{count(remaining)}</strong> of {count(limit)} left
        </span>
      </div>
      <meter
        className={classes['meter']}
        aria-label={`${label}: used`}
        min={0}
        max={limit}
        high={limit * NEAR_SHARE}
        optimum={0}
        value={used}
      >
        {count(used)} used
      </meter>
      {peak_share !== null && (
        <p className={classes['peak']} data-near={peak_share >= NEAR_SHARE || undefined}>
          Busiest hour in 7 days: {percent(peak_share)} of the limit
        </p>
      )}
    </div>
  );
}

function Denied({ requests }: { readonly requests: number }) {
  return (
    <p className={classes['denied']} data-any={requests > 0 || undefined}>
      {requests === 0
        ? 'No requests denied by the limit in 7 days.'
        : `${counted(requests, 'request')} denied by the limit in 7 days.`}
    </p>
  );
}
