import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { healthQuery } from '../api/key-insight';
import type { ApiKey, DeniedRequests, KeyHealth } from '../api/wire';
import { CheckIcon, ClockIcon, RevokeIcon, SuspendIcon, WarningIcon } from '../shell/icons';
import { Problem } from '../shell/problem';
import { count, counted, percent } from '../text/numbers';
import { reasonLabel } from '../text/reason-words';
import { FindingList } from './finding-list';
import classes from './key-verdict.module.css';

const ICONS = {
  healthy: CheckIcon,
  attention: WarningIcon,
  unused: ClockIcon,
  suspended: SuspendIcon,
  ended: RevokeIcon,
} as const;

/** Whether the key does well, in one sentence, and what the sentence is made of. */
export function KeyVerdict({ shown: { id } }: { readonly shown: ApiKey }) {
  const { data, error, refetch } = useQuery(healthQuery(id));
  if (error) return <Problem error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton h={112} radius="lg" aria-label="Loading the health of the key" />;
  const { verdict, requests, findings } = data;
  const Icon = ICONS[verdict.state];
  return (
    <section className={`surface ${classes['verdict']}`} data-state={verdict.state} data-testid="verdict">
      <div className={classes['summary']}>
        <span className={classes['icon']}>
          <Icon size={20} />
        </span>
        <div>
          <h2>{verdict.message}</h2>
          {requests > 0 && <Figures health={data} />}
        </div>
      </div>
      {requests > 0 && <Share health={data} />}
      {data.denied_by.length > 0 && <DeniedReasons id={id} reasons={data.denied_by} />}
      {findings.length > 0 && <FindingList id={id} findings={findings} />}
    </section>
  );
}

function Figures({ health: { days, requests, denied } }: { readonly health: KeyHealth }) {
  return (
    <p className={`number ${classes['figures']}`}>
      {counted(requests, 'request')} in {days} days: {count(requests - denied)} allowed, {count(denied)} denied
    </p>
  );
}

/** Allowed and denied requests as parts of a bar. The figures say the same, so that screen readers skip it. */
function Share({ health: { requests, denied } }: { readonly health: KeyHealth }) {
  return (
    <div className={classes['share']} aria-hidden>
      <div style={{ flexGrow: requests - denied }} />
      <div style={{ flexGrow: denied }} />
    </div>
  );
}

interface ReasonsProps {
  readonly id: string;
  readonly reasons: readonly DeniedRequests[];
}

const REASONS_SHOWN_MAX = 4;

/** The most frequent reasons, each with a link to its requests. */
function DeniedReasons({ id, reasons }: ReasonsProps) {
  const all = reasons.reduce((sum, { requests }) => sum + requests, 0);
  return (
    <ul className={classes['reasons']} aria-label="Reasons of denied requests">
      {reasons.slice(0, REASONS_SHOWN_MAX).map(({ reason, requests }) => (
        <li key={reason}>
          <Link to="/requests" search={{ key: id, reason, days: 7 }}>
            {reasonLabel(reason)}
          </Link>{' '}
          <span className="number" title={counted(requests, 'request')}>
            {percent(requests / all)}
          </span>
        </li>
      ))}
    </ul>
  );
}
