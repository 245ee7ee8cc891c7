import type { SuspensionReason } from '../../tenancy/api-keys/api-key.entity.js';
import { counted, dateOf, percent, reasonWords } from './health-words.js';
import type { KeyFacts } from './key-facts.js';
import { isWarning } from './key-findings.js';

export const VERDICT_STATES = ['healthy', 'attention', 'unused', 'suspended', 'ended'] as const;

export interface Verdict {
  readonly state: (typeof VERDICT_STATES)[number];
  /** One or two sentences. */
  readonly message: string;
}

/** The health of a key in a sentence. */
export function verdictOf(facts: KeyFacts): Verdict {
  if (facts.state === 'suspended') return { state: 'suspended', message: stillCalled(suspendedMessage(facts), facts) };
  if (facts.state !== 'active') return { state: 'ended', message: stillCalled(endedMessage(facts), facts) };
  if (facts.requests === 0) return { state: 'unused', message: unusedMessage(facts) };
  const isHealthy = !facts.findings.some(isWarning);
  const words = isHealthy ? 'Healthy' : 'Needs attention';
  return { state: isHealthy ? 'healthy' : 'attention', message: `${words}: ${sharesOf(facts)}.` };
}

/** `98% allowed; 2% denied, mostly rate limit` */
export function sharesOf({ requests, denied, denied_by }: Pick<KeyFacts, 'requests' | 'denied' | 'denied_by'>): string {
  if (denied === 0)
    return requests === 1 ? 'the only request was allowed' : `all ${counted(requests, 'request')} allowed`;
  const shares = `${percent((requests - denied) / requests)} allowed; ${percent(denied / requests)} denied`;
  const [first, second] = denied_by;
  if (first === undefined || first.requests * 2 <= denied) return shares;
  return `${shares}, ${second === undefined ? 'all' : 'mostly'} ${reasonWords(first.reason)}`;
}

const SUSPENDED_BECAUSE: Readonly<Record<SuspensionReason, string>> = {
  requested: '',
  idle: ', because it was idle',
  exposed: ', because it was found in public',
};

function suspendedMessage({ suspended_at, suspension_reason }: KeyFacts): string {
  return `Suspended on ${dateOf(suspended_at!)}${SUSPENDED_BECAUSE[suspension_reason!]}.`;
}

function endedMessage({ state, revoked_at, expires_at }: KeyFacts): string {
  return state === 'revoked' ? `Revoked on ${dateOf(revoked_at!)}.` : `Expired on ${dateOf(expires_at!)}.`;
}

/** @param message why it doesn't work */
function stillCalled(message: string, { denied }: KeyFacts): string {
  if (denied === 0) return message;
  return `${message} It is still called: ${counted(denied, 'request')} denied in the last 7 days.`;
}

function unusedMessage({ last_used_at }: KeyFacts): string {
  if (last_used_at === null) return 'Never used.';
  return `No requests in the last 7 days. Last used on ${dateOf(last_used_at)}.`;
}
