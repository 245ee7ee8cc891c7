import type { LoggedRequest } from '../api/request-types';
import { OUTCOME_LABELS, reasonLabel, sentenceCase } from '../text/reason-words';
import classes from './request-status.module.css';

type Answered = Pick<LoggedRequest, 'status' | 'outcome' | 'refusal' | 'code'>;

/** The status in the color of the outcome. */
export function RequestStatus({ shown: { status, outcome } }: { readonly shown: Answered }) {
  return <span className={`${classes['status']} ${classes[outcome]}`}>{status}</span>;
}

/** The outcome in words, with the reason of a refusal: `Missing scope`. */
export function resultWords({ outcome, refusal, code }: Answered): string {
  if (refusal) return reasonLabel(refusal.reason);
  return outcome !== 'allowed' && code !== null ? sentenceCase(code) : OUTCOME_LABELS[outcome];
}
