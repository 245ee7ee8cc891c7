import type { CreateApiKey, EffectivePolicy } from '../api/wire';
import { LEVEL_WORDS } from '../policies/policy-words';
import { listOf } from '../text/list-of';
import { counted } from '../text/numbers';
import type { ExpiryChoice } from './key-draft';

const USUAL_DAYS = 90;
const OFFERED_DAYS = [30, USUAL_DAYS, 365];
const DAY_MS = 86_400_000;
/** The clock of the browser may be ahead of the server's. */
const CLOCK_MARGIN_MS = 300_000;

interface Offered {
  readonly value: ExpiryChoice;
  readonly label: string;
}

/** The lifetime of a new key, in days, unless the user chooses another. */
function usualDays({ default_lifetime_days: usual, max_lifetime_days: longest }: EffectivePolicy): number {
  return usual?.value ?? Math.min(USUAL_DAYS, longest?.value ?? USUAL_DAYS);
}

export function usualExpiry(policy: EffectivePolicy): ExpiryChoice {
  return `${usualDays(policy)}`;
}

/** The choices that the policy allows. The one that a draft has stays, so that a problem with it is seen. */
export function expiryChoices(policy: EffectivePolicy, chosen: ExpiryChoice): Offered[] {
  const { max_lifetime_days: longest, expiry_required: required } = policy;
  const days = [...new Set([...OFFERED_DAYS, usualDays(policy)])]
    .filter((each) => each <= (longest?.value ?? Infinity))
    .toSorted((one, other) => one - other);
  const mustExpire = (required?.value ?? false) || longest !== undefined;
  return [
    ...(mustExpire && chosen !== 'never' ? [] : [{ value: 'never', label: 'Never' } as const]),
    ...days.map((each) => ({ value: `${each}`, label: each === 365 ? '1 year' : counted(each, 'day') }) as const),
    { value: 'date', label: 'Date' },
  ];
}

/** What the policy says about the expiry; empty if it says nothing. */
export function expiryHint({ max_lifetime_days: longest, expiry_required: required }: EffectivePolicy): string {
  if (longest) return `At most ${counted(longest.value, 'day')}, by a policy of ${LEVEL_WORDS[longest.set_by]}.`;
  return required?.value ? `Required by a policy of ${LEVEL_WORDS[required.set_by]}.` : '';
}

/** Why the key can't have full access; undefined: it can. */
export function fullAccessProblem({ full_access_forbidden: forbidden, scope_ceiling: ceiling }: EffectivePolicy) {
  const by = forbidden?.value ? forbidden.set_by : ceiling?.set_by;
  return by && `Forbidden by a policy of ${LEVEL_WORDS[by]}.`;
}

/** What the policy says about scopes; undefined if it says nothing. */
export function scopesHint({ scope_ceiling: ceiling }: EffectivePolicy): string | undefined {
  return ceiling && `A policy of ${LEVEL_WORDS[ceiling.set_by]} allows only ${listOf(ceiling.value)}.`;
}

/** What the policy says about addresses; empty if it says nothing. */
export function addressesHint({ ip_list_required: required }: EffectivePolicy): string {
  return required?.value ? `Required by a policy of ${LEVEL_WORDS[required.set_by]}.` : '';
}

/** The request with an expiry that is not later than the policy allows, if it is so by minutes only. */
export function withinLifetime(
  body: CreateApiKey,
  { max_lifetime_days: longest }: EffectivePolicy,
  now = Date.now(),
): CreateApiKey {
  if (longest === undefined || body.expires_at == null) return body;
  const latest = now + longest.value * DAY_MS - CLOCK_MARGIN_MS;
  const wanted = Date.parse(body.expires_at);
  const isLateByMinutes = wanted > latest && wanted <= latest + 2 * CLOCK_MARGIN_MS;
  return isLateByMinutes ? { ...body, expires_at: new Date(latest).toISOString() } : body;
}
