/** Names of the windows that callers see in their headers. */
export const RATE_WINDOW_NAMES = [
  'key-min',
  'key-hour',
  'operator-min',
  'partner-min',
  'login-links-min',
  'org-create-min',
  'session-min',
  'public-trigger-min',
  'help-center-min',
  'revocation-hour',
  'org-min',
  'org-hour',
  'partner-orgs-min',
  'webhook-min',
  'org-webhooks-min',
] as const;
export type RateWindowName = (typeof RATE_WINDOW_NAMES)[number];
/** Windows of a client address on public routes. */
export type AddressWindowName = Extract<RateWindowName, 'help-center-min' | 'revocation-hour'>;

/** The limit of a window of a minute or an hour. */
export interface RatePolicy {
  /** One of `RATE_WINDOW_NAMES`, where callers see it. */
  readonly name: string;
  readonly limit: number;
  readonly windowSeconds: number;
}

/** The state of a caller in one window. */
export interface RateStanding {
  readonly name: string;
  /** Requests left. */
  readonly remaining: number;
  /** Until the window restarts, rounded up so that a client doesn't retry too early. */
  readonly resetSeconds: number;
}

/**
 * The value of `RateLimit-Policy`: `"key-min";q=60;w=60, "key-hour";q=1000;w=3600`
 * (draft-ietf-httpapi-ratelimit-headers-11). It is the same for all requests of a key, so it can be cached.
 */
export function rateLimitPolicyValue(policies: readonly RatePolicy[]): string {
  return policies.map(({ name, limit, windowSeconds }) => `"${name}";q=${limit};w=${windowSeconds}`).join(', ');
}

/** The value of `RateLimit`: `"key-min";r=59;t=60, "key-hour";r=999;t=3600` (same draft); never negative. */
export function rateLimitValue(standings: readonly RateStanding[], from = 0, end = standings.length): string {
  let value = '';
  for (let index = from; index < end; index++) {
    const { name, remaining, resetSeconds } = standings[index]!;
    if (value !== '') value += ', ';
    value += `"${name}";r=${Math.max(0, remaining)};t=${Math.max(0, Math.ceil(resetSeconds))}`;
  }
  return value;
}
