import { counted, dateOf, percent, reasonWords } from './health-words.js';
import type { KeyFacts } from './key-facts.js';
import { isWarning } from './key-findings.js';

export const VERDICT_STATES = ['healthy', 'attention', 'unused', 'ended'] as const;

export interface Verdict {
  readonly state: (typeof VERDICT_STATES)[number];
  /** One or two sentences. */
  readonly message: string;
}

/** The health of a key in a sentence. */
export function verdictOf(facts: KeyFacts): Verdict {
  if (facts.state !== 'active') return { state: 'ended', message: endedMessage(facts) };
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

function endedMessage({ state, revoked_at, expires_at, denied }: KeyFacts): string {
  const ended = state === 'revoked' ? `Revoked on ${dateOf(revoked_at!)}.` : `Expired on ${dateOf(expires_at!)}.`;
  return denied === 0 ? ended : `${ended} It is still called: ${counted(denied, 'request')} denied in the last 7 days.`;
}

function unusedMessage({ last_used_at }: KeyFacts): string {
  if (last_used_at === null) return 'Never used.';
  return `No requests in the last 7 days. Last used on ${dateOf(last_used_at)}.`;
}
