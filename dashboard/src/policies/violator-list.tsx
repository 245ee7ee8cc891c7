import type { PolicyViolator } from '../api/wire';
import { KeyLink } from '../keys/key-link';
import { isPast } from '../text/dates';
import { When } from '../text/when';
import { BROKEN_WORDS, LEVEL_WORDS, RULE_LABELS } from './policy-words';
import classes from './violator-list.module.css';

interface Props {
  readonly label: string;
  readonly violators: readonly PolicyViolator[];
}

/** Keys that break rules, with which ones and what follows. */
export function ViolatorList({ label, violators }: Props) {
  return (
    <ul className={classes['list']} aria-label={label}>
      {violators.map((key) => (
        <li key={key.id}>
          <div className={classes['key']}>
            <KeyLink to={key} />
            <span className="mono">{key.masked_key}</span>
          </div>
          <div className={classes['rules']}>
            {uniqueRules(key).map(({ rule, set_by }) => (
              <span key={rule} title={`${RULE_LABELS[rule]}, set by ${LEVEL_WORDS[set_by]}`}>
                {BROKEN_WORDS[rule] ?? RULE_LABELS[rule]}
              </span>
            ))}
          </div>
          <div className={classes['when']} data-refused={isRefused(key) || undefined}>
            {key.refused_from === null ? (
              'Goes on working'
            ) : (
              <>
                {isRefused(key) ? 'Denied since ' : 'Denied from '}
                <When at={key.refused_from} as="date" />
              </>
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}

/** A rule of several places is listed once, with the widest. */
function uniqueRules({ rules }: PolicyViolator): PolicyViolator['rules'] {
  return rules.filter(({ rule }, index) => rules.findIndex((other) => other.rule === rule) === index);
}

function isRefused({ refused_from }: PolicyViolator): boolean {
  return refused_from !== null && isPast(refused_from);
}
