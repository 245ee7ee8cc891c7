import { counted, dateOf, percent, reasonWords } from './health-words.js';
import { deniedFor, type KeyFacts } from './key-facts.js';
import { isWarning, type KeyFinding, type Severity } from './key-findings.js';

export interface DescribedFinding {
  readonly code: KeyFinding;
  readonly severity: Severity;
  readonly message: string;
  /** Null: unknown. */
  readonly since: string | null;
}

type Description = Pick<DescribedFinding, 'message' | 'since'>;

const EXPIRING_MS = 14 * 24 * 60 * 60 * 1_000;

const DESCRIBE: Readonly<Record<KeyFinding, (facts: KeyFacts) => Description>> = {
  exposed: ({ exposed_at }) => ({
    message: `A credential of it was found in public on ${dateOf(exposed_at!)}, and still works. Rotate the key.`,
    since: exposed_at,
  }),
  mostly_denied: ({ requests, denied, denied_by: [first] }) => ({
    message:
      `In the last 7 days, ${counted(denied, 'request')} were denied and ${counted(requests - denied, 'request')} allowed` +
      (first === undefined ? '.' : `. The most frequent reason: ${reasonWords(first.reason)}.`),
    since: null,
  }),
  near_limit: (facts) => ({ message: nearLimitMessage(facts), since: null }),
  old_credential_in_use: (facts) => ({
    message: oldCredentialMessage(facts),
    since: facts.old_credential?.rotated_at ?? null,
  }),
  expiring: ({ expires_at }) => ({
    message: `It expires on ${dateOf(expires_at!)}.`,
    since: new Date(Date.parse(expires_at!) - EXPIRING_MS).toISOString(),
  }),
  wider_than_used: ({ scopes_count, unused_scopes }) => ({
    message: `It has not used ${unused_scopes} of its ${counted(scopes_count, 'scope')} since uses of scopes are counted.`,
    since: null,
  }),
  full_access: () => ({
    message: 'It has full access. With scopes, a leaked key could do less.',
    since: null,
  }),
  never_used: ({ created_at }) => ({ message: 'It has made no requests yet.', since: created_at }),
  idle_90: idle,
  idle_30: idle,
  never_expires: () => ({ message: 'It has no expiry date.', since: null }),
};

/** The findings in words. Leaves out what another one implies. */
export function describedFindings(facts: KeyFacts): DescribedFinding[] {
  const { findings } = facts;
  const shown = findings.filter((code) => !(code === 'idle_30' && findings.includes('idle_90')));
  return shown.map((code) => ({
    code,
    severity: isWarning(code) ? 'warning' : 'notice',
    ...DESCRIBE[code](facts),
  }));
}

function idle({ last_used_at }: KeyFacts): Description {
  return { message: `It has made no requests since ${dateOf(last_used_at!)}.`, since: last_used_at };
}

function nearLimitMessage(facts: KeyFacts): string {
  const denied = deniedFor('rate_limited', facts);
  if (denied > 0) return `${counted(denied, 'request')} denied by a rate limit in the last 7 days.`;
  const { busiest_hour, limit_per_hour } = facts;
  const used = percent(busiest_hour / limit_per_hour);
  return `In the busiest hour of the last 7 days it used ${used} of its limit of ${counted(limit_per_hour, 'request')} an hour.`;
}

function oldCredentialMessage(facts: KeyFacts): string {
  const { old_credential } = facts;
  const denied = deniedFor('credential_replaced', facts);
  if (old_credential === null) {
    return `A caller still uses a credential that was replaced: ${counted(denied, 'request')} denied in the last 7 days.`;
  }
  const { last_used_at, retires_at } = old_credential;
  return (
    `The credential that was replaced was still used on ${dateOf(last_used_at)}. ` +
    (retires_at === null
      ? 'Its grace period starts once the new one is used.'
      : `It stops working on ${dateOf(retires_at)}.`)
  );
}
