import type { ReactNode } from 'react';
import type { KeySummary } from '../api/wire';
import { count, counted, percent, shortCount } from '../text/numbers';
import { needsAttention } from './findings';
import classes from './keys-totals.module.css';

/** The sums of the listed keys. */
export function KeysTotals({ keys }: { readonly keys: readonly KeySummary[] }) {
  const sum = (field: 'requests_30_days' | 'denied_30_days') => keys.reduce((total, key) => total + key[field], 0);
  const [requests, denied] = [sum('requests_30_days'), sum('denied_30_days')];
  const urgent = keys.filter(needsAttention).length;
  return (
    <dl className={classes['totals']} aria-live="polite">
      <Total name="Keys">{count(keys.length)}</Total>
      <Total name="Requests, 30 days" hint={counted(requests, 'request')}>
        {shortCount(requests)}
      </Total>
      <Total name="Denied" hint={`${counted(denied, 'request')} denied`}>
        {shortCount(denied)} {denied > 0 && <small>{percent(denied / requests)}</small>}
      </Total>
      <Total name="Need attention">{count(urgent)}</Total>
    </dl>
  );
}

interface TotalProps {
  readonly name: string;
  readonly hint?: string;
  readonly children: ReactNode;
}

function Total({ name, hint, children }: TotalProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="number" title={hint}>
        {children}
      </dd>
    </div>
  );
}
