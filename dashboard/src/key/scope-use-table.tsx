import type { ScopeUse } from '../api/wire';
import { count, counted } from '../text/numbers';
import { When } from '../text/when';
import classes from './scope-use-table.module.css';

export function ScopeUseTable({ items }: { readonly items: readonly ScopeUse[] }) {
  const most = Math.max(1, ...items.map(({ uses_90_days }) => uses_90_days));
  return (
    <table className={classes['table']} aria-label="Use of scopes">
      <thead>
        <tr>
          <th scope="col">Scope</th>
          <th scope="col">Uses in 90 days</th>
          <th scope="col" className={classes['when']}>
            Last used
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map(({ scope, service, granted, uses_90_days: uses, last_used_at, advice }) => (
          <tr key={scope}>
            <th scope="row">
              <code>{scope}</code>
              {service && <span className={classes['service']}>{service}</span>}
              {!granted && <span className={classes['service']}>no longer granted</span>}
            </th>
            <td>
              {advice === 'remove' ? (
                <span className={classes['unused']}>Not used</span>
              ) : (
                <span className={classes['uses']} title={counted(uses, 'use')}>
                  {uses > 0 && <span className={classes['bar']} style={{ width: `${(uses / most) * 100}%` }} />}
                  <span className="number">{count(uses)}</span>
                </span>
              )}
            </td>
            <td className={classes['when']}>{last_used_at ? <When at={last_used_at} as="relative" /> : 'Never'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
