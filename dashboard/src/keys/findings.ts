import type { Finding, KeySummary } from '../api/wire';
import { type KeyMark, SUSPENDED } from './key-marks';

/** Most urgent first. */
export const FINDINGS = [
  'exposed',
  'mostly_denied',
  'near_limit',
  'old_credential_in_use',
  'expiring',
  'wider_than_used',
  'full_access',
  'never_used',
  'idle_90',
  'idle_30',
  'never_expires',
] as const satisfies readonly Finding[];

/** The words of each finding. Gray ones only say what a key is like; they ask for nothing. */
export const FINDING_WORDS: Readonly<Record<Finding, KeyMark>> = {
  exposed: { label: 'Exposed', color: 'red', hint: 'It was found in public, and it still works.' },
  mostly_denied: { label: 'Mostly denied', color: 'red', hint: 'More requests are denied than allowed.' },
  near_limit: { label: 'Near rate limit', color: 'orange', hint: 'It used at least 80% of its rate limit this week.' },
  old_credential_in_use: {
    label: 'Old key in use',
    color: 'orange',
    hint: 'It was rotated, and the old key still makes requests.',
  },
  expiring: { label: 'Expiring', color: 'orange', hint: 'It expires within two weeks.' },
  wider_than_used: { label: 'Unused scopes', color: 'blue', hint: 'It has scopes that it has not used for 30 days.' },
  full_access: { label: 'Full access', color: 'gray', hint: 'It has full access to the API.' },
  never_used: { label: 'Never used', color: 'gray', hint: 'It has made no requests yet.' },
  idle_90: { label: 'Idle 90 days', color: 'gray', hint: 'It has made no requests for 90 days.' },
  idle_30: { label: 'Idle 30 days', color: 'gray', hint: 'It has made no requests for 30 days.' },
  never_expires: { label: 'No expiry', color: 'gray', hint: 'It works until it is revoked.' },
};

/** Findings that have a column of their own. */
const SHOWN_ELSEWHERE: ReadonlySet<Finding> = new Set(['full_access', 'never_expires']);
const NOT_SAVED: KeyMark = {
  label: 'Not saved',
  color: 'orange',
  hint: 'Mark the key as saved on its page, or rotate it if it is lost.',
};
const REVOKED: KeyMark = { label: 'Revoked', color: 'red', hint: 'It no longer works.' };
const EXPIRED: KeyMark = { label: 'Expired', color: 'gray', hint: 'Its expiry date has passed.' };
const NOT_WORKING = { suspended: SUSPENDED, revoked: REVOKED, expired: EXPIRED } as const;

/** The badges of a row, most urgent first. */
export function marksOfRow({ state, acknowledged, findings }: KeySummary): KeyMark[] {
  if (state !== 'active') return [NOT_WORKING[state]];
  const found = findings.filter((code) => !SHOWN_ELSEWHERE.has(code) && !isImplied(code, findings));
  const marks = found.flatMap((code) => FINDING_WORDS[code] ?? []);
  const urgent = marks.filter(({ color }) => color === 'red' || color === 'orange');
  return [...urgent, ...(acknowledged ? [] : [NOT_SAVED]), ...marks.filter((mark) => !urgent.includes(mark))];
}

/** Whether a finding of the key asks for action soon. */
export function needsAttention({ state, findings }: KeySummary): boolean {
  return state === 'active' && findings.some((code) => ['red', 'orange'].includes(FINDING_WORDS[code]?.color));
}

/** A key idle for 90 days is also idle for 30. */
function isImplied(code: Finding, all: readonly Finding[]): boolean {
  return code === 'idle_30' && all.includes('idle_90');
}
