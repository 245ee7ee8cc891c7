import type { Limits } from '../../core/config/config.js';
import { IpAllowList } from '../network/ip-allow-list.js';
import type { StoredKey } from '../ports/key-store.js';
import type { StoredSession } from '../ports/session-store.js';
import type { UsageMeter } from '../ports/usage-meter.js';
import type { Webhook } from '../ports/webhook-directory.js';
import { Principal } from '../principal/principal.js';
import type { AddressWindowName, RateWindowName } from '../rate-limit/rate-limit-headers.js';
import type { RateWindow } from '../rate-limit/rate-window.js';
import { retirementOf } from '../principal/retirement.js';

/** Computes everything that the guards read, once per cached credential. */
export function principalOfKey(key: StoredKey, limits: Limits, meter: UsageMeter): Principal {
  const { profile } = key;
  const brokenFromMs = Math.min(Infinity, ...key.brokenRules.map(({ fromMs }) => fromMs));
  const expiresAtMs = Math.min(key.expiresAtMs, brokenFromMs);
  return new Principal({
    audience: key.audience,
    id: profile.id,
    credentialId: key.credentialId,
    name: profile.name,
    orgId: profile.org_id ?? undefined,
    partnerId: key.partnerId ?? undefined,
    partnerName: key.partnerName ?? undefined,
    orgExternalId: key.orgExternalId ?? undefined,
    serviceId: key.serviceId ?? undefined,
    coversServices: key.coversServices,
    agentId: profile.agent_id ?? undefined,
    partnerActive: key.partnerActive,
    scopes: profile.access === 'full' ? null : new Set(profile.scopes),
    allowedIps: key.allowedIps.length > 0 ? new IpAllowList(key.allowedIps) : undefined,
    allowedOrigins: profile.allowed_origins,
    expiresAtMs,
    brokenFromMs,
    retirement: retirementOf(key.rotatedAtMs, expiresAtMs),
    windows: windowsOf(key, limits),
    awaitedEvents: key.awaitedEvents,
    profile,
    usage: meter.counterOf(key),
  });
}

/** A signed-in member. It has no scopes: management routes check the role. */
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
    windows: [minute('session-min', session.sessionId, limits.sessionPerMinute)],
  });
}

/** The caller of a public webhook, limited by its network. */
export function principalOfAnybody(
  { orgId, partnerActive }: Webhook,
  token: string,
  network: string,
  limits: Limits,
): Principal {
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
      minute('public-trigger-min', `${token}:${network}`, limits.publicTriggerPerMinute, orgId),
      { ...minute('webhook-min', token, limits.webhookPerMinute, orgId), isShared: true },
      { ...minute('org-webhooks-min', orgId, limits.orgWebhooksPerMinute), isShared: true },
    ],
  });
}

function windowsOf(key: StoredKey, limits: Limits): RateWindow[] {
  // All keys of a partner share one window (S1).
  if (key.audience === 'partner') return [partnerWindow('partner-min', key.partnerId!, limits.partnerPerMinute)];
  if (key.audience === 'operator') return [minute('operator-min', key.profile.id, limits.operatorPerMinute)];
  // Each question of a service is about another caller, which is charged.
  if (key.audience === 'service') return [];
  const isAgent = key.audience === 'agent';
  const perMinute = key.ratePerMinute ?? (isAgent ? limits.agentKeyPerMinute : limits.orgKeyPerMinute);
  const perHour = key.ratePerHour ?? (isAgent ? limits.agentKeyPerHour : limits.orgKeyPerHour);
  const { id, org_id } = key.profile;
  return [...ownWindows(id, key.partnerId ?? org_id!, perMinute, perHour), ...sharedWindows(org_id!, key, limits)];
}

/**
 * The windows of one key of an org.
 * @param tag the org's partner, or an org without a partner
 */
export function ownWindows(keyId: string, tag: string, perMinute: number, perHour: number): RateWindow[] {
  return [minute('key-min', keyId, perMinute, tag), hour('key-hour', keyId, perHour, tag)];
}

/** The windows that all keys of an org, and all orgs of a partner, share. */
function sharedWindows(orgId: string, { partnerId }: StoredKey, limits: Limits): RateWindow[] {
  const tag = partnerId ?? orgId;
  const windows: RateWindow[] = [
    { ...minute('org-min', orgId, limits.orgPerMinute, tag), isShared: true },
    { ...hour('org-hour', orgId, limits.orgPerHour, tag), isShared: true },
  ];
  if (partnerId !== null) {
    windows.push({ ...minute('partner-orgs-min', partnerId, limits.partnerOrgsPerMinute), isShared: true });
  }
  return windows;
}

/** A window that all keys of a partner share. */
export function partnerWindow(
  name: 'partner-min' | 'login-links-min' | 'org-create-min',
  partnerId: string,
  limit: number,
): RateWindow {
  return minute(name, partnerId, limit);
}

/** A window of a client address, for all public routes with that name together. */
export function addressWindow(name: AddressWindowName, network: string, limits: Limits): RateWindow {
  if (name === 'revocation-hour') return hour(name, network, limits.revocationRequestsPerHour);
  return minute(name, network, limits.helpCenterPerMinute);
}

function minute(name: RateWindowName, counted: string, limit: number, tag = counted): RateWindow {
  return { name, key: `${name}:${counted}`, tag, limit, windowSeconds: 60 };
}

function hour(name: RateWindowName, counted: string, limit: number, tag = counted): RateWindow {
  return { name, key: `${name}:${counted}`, tag, limit, windowSeconds: 3600 };
}
