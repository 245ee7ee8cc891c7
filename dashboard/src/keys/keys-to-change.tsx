import type { KeySummary } from '../api/wire';
import classes from './keys-to-change.module.css';

const LISTED_MAX = 200;

/** The names of the keys before they are changed. */
export function KeysToChange({ keys }: { readonly keys: readonly KeySummary[] }) {
  const more = keys.length - LISTED_MAX;
  return (
    // Long lists scroll, also by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls takes the focus
    <ul className={classes['keys']} tabIndex={0} aria-label="Selected keys">
      {keys.slice(0, LISTED_MAX).map(({ id, name, masked_key }) => (
        <li key={id}>
          <span className="name">{name}</span> <span className="mono">{masked_key}</span>
        </li>
      ))}
      {more > 0 && <li className={classes['more']}>and {more.toLocaleString('en')} more</li>}
    </ul>
  );
}
