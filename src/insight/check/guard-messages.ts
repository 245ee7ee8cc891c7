import type { Judged, Judgement, RouteDemands } from '../../access/decision/judgements.js';
import type { DecidingGuard } from '../../access/errors/refusal-reasons.js';
import { headerOf } from '../../core/http/header-of.js';
import type { Principal } from '../../access/principal/principal.js';
import type { GuardedRequest } from '../../access/principal/guarded-request.js';
import { type Charged, shownWindows } from '../../access/rate-limit/rate-limits.js';
import type { Audience } from '../../access/scopes/audience.js';

/** What the sentences of one request are about. */
export interface MessageSubject extends Pick<Judged, 'principal' | 'charged'> {
  readonly request: GuardedRequest;
  readonly demands: RouteDemands;
}

/** Why a guard lets the request pass. */
export function passMessage(guard: DecidingGuard, { principal, charged, request, demands }: MessageSubject): string {
  switch (guard) {
    case 'Authentication':
      return authenticated(principal!);
    case 'Network':
      return comesFrom(principal!, request);
    case 'PartnerActive':
      return principal!.boundPartnerId === undefined ? 'There is no partner.' : 'The partner is active.';
    case 'RateLimit':
      return leftIn(charged!);
    case 'Scope':
      return granted(principal!, demands);
  }
}

/** Why a guard has nothing to ask. */
export function skipMessage({ guard }: Judgement, { principal, charged, demands }: MessageSubject): string {
  if (guard === 'RateLimit') {
    return charged === undefined ? 'How full the limits are then is not known here.' : 'No limit applies.';
  }
  if (principal === null || guard === 'Authentication') return 'The route needs no credential.';
  if (demands.scopes.length > 0 || demands.agentId !== undefined) return 'The route takes keys of another kind.';
  return 'The route needs no scope.';
}

const TAKEN: Partial<Record<Audience, string>> = {
  user: 'The route takes the session of a member, not an API key.',
  agent: 'The route takes a key with a secret.',
  'public-or-org': 'The route takes a bearer key of an organization.',
  org: 'The route takes a bearer key of an organization.',
  event: 'The route takes a typed key.',
  partner: 'The route takes the key of a partner.',
  operator: 'The route takes the key of an operator.',
  service: 'The route takes the key of a service.',
};

/** Which credential the route takes, where it doesn't take this one. */
export function takenMessage({ audience }: RouteDemands): string {
  return TAKEN[audience] ?? 'The route takes keys of another kind.';
}

function authenticated({ expiresAtMs, retirement }: Principal): string {
  if (!Number.isFinite(expiresAtMs)) return 'The key is active.';
  const what = retirement?.isReplaced ? 'The credential, which a newer one replaced,' : 'The key';
  return `${what} works until ${new Date(expiresAtMs).toISOString()}.`;
}

function comesFrom({ allowedIps, allowedOrigins }: Principal, request: GuardedRequest): string {
  const origin = headerOf(request, 'origin');
  const allowed = [
    ...(allowedIps === undefined ? [] : [`${request.client.address} is an allowed address`]),
    ...(allowedOrigins.length === 0 ? [] : [`${origin} is an allowed origin`]),
  ];
  return allowed.length === 0 ? 'The key works from anywhere.' : `${allowed.join(', and ')}.`;
}

/** Of the fullest window that callers see. */
function leftIn(charged: Charged): string {
  const shown = shownWindows(charged).toSorted((one, other) => one.standing.remaining - other.standing.remaining);
  const { window, standing } = shown[0]!;
  const period = window.windowSeconds === 60 ? 'minute' : 'hour';
  return `${standing.remaining} of ${window.limit} requests are left in this ${period} (${window.name}).`;
}

function granted({ scopes }: Principal, demands: RouteDemands): string {
  if (demands.scopes.length === 0) return 'The key is bound to this agent.';
  if (scopes === null) return 'The key has full access.';
  return `The key has ${demands.scopes.map((scope) => `"${scope}"`).join(', ')}.`;
}
