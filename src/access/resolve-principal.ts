import type { Limits } from '../config/config.js';
import { IpAllowList } from './ip-allow-list.js';
import { networkOf } from './auth-failures.js';
import type { StoredKey, StoredSession, UsageMeter, Webhook } from './ports.js';
import { Principal } from './principal.js';
import type { RateWindow } from './rate-limit/rate-window.js';
import { retirementHeaders } from './retirement.js';

/** A principal from its rows: all that the guards will ask is worked out here, once. */
export function principalOfKey(key: StoredKey, limits: Limits, meter: UsageMeter): Principal {
  const { profile } = key;
  return new Principal({
    audience: key.audience,
    id: profile.id,
    name: profile.name,
    orgId: profile.org_id ?? undefined,
    partnerId: key.partnerId ?? undefined,
    partnerName: key.partnerName ?? undefined,
    agentId: profile.agent_id ?? undefined,
    partnerActive: key.partnerActive,
    scopes: profile.access === 'full' ? null : new Set(profile.scopes),
    allowedIps: key.allowedIps.length > 0 ? new IpAllowList(key.allowedIps) : undefined,
    allowedOrigins: profile.allowed_origins,
    expiresAtMs: key.expiresAtMs,
    retirement: key.rotatedAtMs === null ? undefined : retirementHeaders(key.rotatedAtMs, key.expiresAtMs),
    windows: windowsOf(key, limits),
    awaitedEvents: key.awaitedEvents,
    profile,
    usage: meter.counterOf(profile),
  });
}

/** A signed-in member: no scopes, for the management routes decide by role. */
export function principalOfSession(session: StoredSession, limits: Limits): Principal {
  return new Principal({
    audience: 'user',
    id: session.sessionId,
    name: session.name,
    orgId: session.orgId,
    partnerId: session.partnerId ?? undefined,
    userId: session.userId,
    roleName: session.roleName,
    partnerActive: session.partnerActive,
    scopes: null,
    allowedOrigins: [],
    expiresAtMs: session.expiresAtMs,
    windows: [
      {
        name: 'session-min',
        key: `session-min:${session.sessionId}`,
        limit: limits.sessionPerMinute,
        windowSeconds: 60,
      },
    ],
  });
}

/** Whoever calls a public webhook: nobody in particular, counted by where they call from. */
export function principalOfAnybody(
  { orgId, partnerActive }: Webhook,
  token: string,
  address: string | undefined,
  limits: Limits,
): Principal {
  const name = 'public-trigger-min';
  return new Principal({
    audience: 'public',
    id: 'anybody',
    name: 'anybody',
    orgId,
    partnerActive,
    scopes: null,
    allowedOrigins: [],
    expiresAtMs: Infinity,
    windows: [
      {
        name,
        key: `${name}:${token}:${networkOf(address)}`,
        limit: limits.publicTriggerPerMinute,
        windowSeconds: 60,
      },
    ],
  });
}

function windowsOf(key: StoredKey, limits: Limits): RateWindow[] {
  // All keys of a partner share one window [seed 001].
  if (key.audience === 'partner') return [partnerWindow('partner-min', key.partnerId!, limits.partnerPerMinute)];
  const isAgent = key.audience === 'agent';
  const perMinute = key.ratePerMinute ?? (isAgent ? limits.agentKeyPerMinute : limits.orgKeyPerMinute);
  const perHour = key.ratePerHour ?? (isAgent ? limits.agentKeyPerHour : limits.orgKeyPerHour);
  return [
    { name: 'key-min', key: `key-min:${key.profile.id}`, limit: perMinute, windowSeconds: 60 },
    { name: 'key-hour', key: `key-hour:${key.profile.id}`, limit: perHour, windowSeconds: 3600 },
  ];
}

/** A window that all keys of a partner are counted in together. */
export function partnerWindow(
  name: 'partner-min' | 'login-links-min' | 'org-create-min',
  partnerId: string,
  limit: number,
): RateWindow {
  return { name, key: `${name}:${partnerId}`, limit, windowSeconds: 60 };
}
