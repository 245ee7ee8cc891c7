import type { GuardAnswer } from '../api/request-types';
import { CheckIcon, RevokeIcon } from '../shell/icons';
import { GUARD_LABELS } from '../text/reason-words';
import classes from './guard-list.module.css';

const ICONS = { pass: <CheckIcon size={18} />, refuse: <RevokeIcon size={18} />, skip: '–' } as const;
const RESULT_WORDS = { pass: 'Passed', refuse: 'Denied', skip: 'Not needed' } as const;

/** What each guard says about a request, in the order in which they decide. */
export function GuardList({ guards }: { readonly guards: readonly GuardAnswer[] }) {
  return (
    <ol className={classes['guards']} aria-label="Guards">
      {guards.map(({ guard, result, message }) => (
        <li key={guard} className={classes['guard']} data-result={result}>
          <span className={classes[result]}>
            {ICONS[result]}
            <span className="visually-hidden">{RESULT_WORDS[result]}:</span>
          </span>
          <span className={classes['name']}>{GUARD_LABELS[guard]}</span>
          <span className={classes['words']}>{message}</span>
        </li>
      ))}
    </ol>
  );
}
