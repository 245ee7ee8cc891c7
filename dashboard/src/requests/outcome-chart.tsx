import { Tooltip } from '@mantine/core';
import { Fragment, type KeyboardEvent, useRef, useState } from 'react';
import { count, shortCount } from '../text/numbers';
import { reasonLabel } from '../text/reason-words';
import { axisTop, type OutcomeBucket } from './outcome-buckets';
import classes from './outcome-chart.module.css';
import { periodWords } from './request-period';

const HOUR = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const DAY_MS = 86_400_000;
const TIMES = 6;
const REASONS_MAX = 4;
/** Fewer would not be seen. */
const BAR_PX_MIN = 2;
const PLOT_PX = 150;

interface Props {
  readonly buckets: readonly OutcomeBucket[];
  /** The start of the bucket that the list shows. */
  readonly chosen: number | undefined;
  readonly onChoose: (bucket: OutcomeBucket) => void;
}

/** A bar for each hour or day, with denied requests on top of the allowed. A click shows its requests. */
export function OutcomeChart({ buckets, chosen, onChoose }: Props) {
  const top = axisTop(Math.max(0, ...buckets.map(({ allowed, denied }) => allowed + denied)));
  const format = (buckets.at(-1)?.end ?? 0) - (buckets[0]?.start ?? 0) <= DAY_MS ? HOUR : DAY;
  const every = Math.max(1, Math.ceil(buckets.length / TIMES));
  const [current, setCurrent] = useState(0);
  const plot = useRef<HTMLFieldSetElement>(null);
  /** One bar is in the order of Tab. The arrow keys go to the others. */
  const move = ({ key }: KeyboardEvent) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[key] ?? 0;
    const next = plot.current?.querySelectorAll('button')[current + step];
    if (step !== 0 && next) next.focus();
  };
  return (
    <div className={classes['chart']}>
      <div className={classes['axis']} aria-hidden>
        {[0, 0.5, 1].map((share) => (
          <span key={share} style={{ bottom: `${share * 100}%` }}>
            {shortCount(top * share)}
          </span>
        ))}
      </div>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the bars take the focus */}
      <fieldset ref={plot} className={classes['plot']} aria-label="Requests over time" onKeyDown={move}>
        {buckets.map((bucket, index) => (
          <Tooltip
            key={bucket.start}
            label={<Tip bucket={bucket} />}
            events={{ hover: true, focus: true, touch: false }}
            position="top"
          >
            <button
              type="button"
              tabIndex={index === Math.min(current, buckets.length - 1) ? 0 : -1}
              className={classes['bucket']}
              aria-label={`${wordsOf(bucket)}: ${count(bucket.allowed)} allowed, ${count(bucket.denied)} denied`}
              aria-pressed={chosen === bucket.start}
              data-dim={(chosen !== undefined && chosen !== bucket.start) || undefined}
              onFocus={() => setCurrent(index)}
              onClick={() => onChoose(bucket)}
            >
              {bucket.denied > 0 && <Bar className={classes['denied']!} requests={bucket.denied} top={top} />}
              {bucket.allowed > 0 && <Bar className={classes['allowed']!} requests={bucket.allowed} top={top} />}
            </button>
          </Tooltip>
        ))}
      </fieldset>
      <div className={classes['times']} aria-hidden>
        {buckets.map(
          ({ start }, index) =>
            index % every === 0 && (
              <span key={start} style={{ left: `${((index + 0.5) / buckets.length) * 100}%` }}>
                {format.format(start)}
              </span>
            ),
        )}
      </div>
    </div>
  );
}

interface BarProps {
  readonly className: string;
  readonly requests: number;
  readonly top: number;
}

function Bar({ className, requests, top }: BarProps) {
  const height = Math.max(BAR_PX_MIN, (requests / top) * PLOT_PX);
  return <span className={`${classes['bar']} ${className}`} style={{ height }} />;
}

function wordsOf({ start, end }: OutcomeBucket): string {
  return end - start < DAY_MS
    ? periodWords({ from: new Date(start).toISOString(), to: new Date(end).toISOString() })
    : DAY.format(start);
}

function Tip({ bucket }: { readonly bucket: OutcomeBucket }) {
  const rest = bucket.reasons.slice(REASONS_MAX).reduce((sum, [, requests]) => sum + requests, 0);
  return (
    <div className={classes['tip']}>
      <strong>{wordsOf(bucket)}</strong>
      <dl>
        <dt>Allowed</dt>
        <dd>{count(bucket.allowed)}</dd>
        <dt>Denied</dt>
        <dd>{count(bucket.denied)}</dd>
        {bucket.reasons.slice(0, REASONS_MAX).map(([reason, requests]) => (
          <Fragment key={reason}>
            <dt className={classes['reason']}>{reasonLabel(reason)}</dt>
            <dd>{count(requests)}</dd>
          </Fragment>
        ))}
        {rest > 0 && (
          <>
            <dt className={classes['reason']}>Other</dt>
            <dd>{count(rest)}</dd>
          </>
        )}
      </dl>
    </div>
  );
}
