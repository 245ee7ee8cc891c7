import { useQuery } from '@tanstack/react-query';
import { importsQuery } from '../api/key-insight';
import type { KeyImport } from '../api/wire';
import { ProgressBar } from '../shell/progress-bar';
import { count } from '../text/numbers';
import classes from './import-progress.module.css';

const SHOWN_MAX = 3;
const ALL_PERCENT = 100;

/** How far each import is: the keys of the other product that were used here. The default export is for lazy(). */
export default function ImportProgress() {
  const { data = [] } = useQuery(importsQuery);
  const running = data.filter(({ total, used_percent }) => total > 0 && used_percent < ALL_PERCENT);
  if (running.length === 0) return null;
  return (
    <ul className={`surface ${classes['imports']}`} aria-label="Imports">
      {running.slice(0, SHOWN_MAX).map((shown) => (
        <Import key={shown.id} shown={shown} />
      ))}
    </ul>
  );
}

function Import({ shown: { name, total, used, used_percent } }: { readonly shown: KeyImport }) {
  const words = `${count(used)} of ${count(total)} imported keys were used here.`;
  return (
    <li title={words}>
      <span className={classes['words']}>
        <strong>{name}</strong>
        <span className="number">migrated {used_percent}%</span>
      </span>
      <ProgressBar max={total} value={used} aria-label={`${name}: ${words}`} />
    </li>
  );
}
