import type { RouteDemands } from '../../access/decision/judgements.js';
import type { RefusalReason } from '../../access/errors/refusal-reasons.js';
import type { StoredKey } from '../../access/ports/key-store.js';
import type { Charged } from '../../access/rate-limit/rate-limits.js';
import type { Audience } from '../../access/scopes/audience.js';
import { isGranted } from '../../access/scopes/scopes.js';
import type { Limits } from '../../core/config/config.js';
import { endMsOf, hasEnded } from '../../core/validation/instant.js';
import type { KeyRule } from '../../tenancy/key-policies/policy-rules.js';
import { policyWords } from '../../tenancy/key-policies/rule-sentences.js';
import type { Mend } from './check.dto.js';

/** A refused request, as far as it is known. */
export interface Mended {
  readonly key: StoredKey;
  /** Of the scopes, only those that the key lacks are granted. */
  readonly demands: Pick<RouteDemands, 'audience' | 'scopes' | 'agentId'>;
  readonly address?: string;
  readonly origin?: string;
  /** With `rate_limited`: which window is full. */
  readonly charged?: Charged;
  /** The slug of the service that was asked. */
  readonly service?: string;
  readonly limits: Pick<Limits, 'ceilingPerMinute' | 'ceilingPerHour'>;
}

/** What would mend a refusal, the simplest change first. Empty: nothing that a setting could change. */
export function mendsOf(reason: RefusalReason, mended: Mended): Mend[] {
  return MENDS[reason]?.(mended) ?? [];
}

const MENDS: Partial<Record<RefusalReason, (mended: Mended) => Mend[]>> = {
  credential_missing: keyOfAudience,
  audience_mismatch: keyOfAudience,
  credential_replaced: () => [
    byAdmin('rotate', null, "Use the key's newest credential. If it is lost, rotate the key again."),
  ],
  key_revoked: () => [byAdmin('create_key', null, "A revoked key can't be restored. Create another one.")],
  key_expired: laterEnd,
  key_suspended: () => [byAdmin('resume_key', null, 'Resume the key.')],
  // Its members can't sign in meanwhile.
  org_suspended: () => [
    byOperator(
      'resume_org',
      null,
      'The partner resumes the organization, or the operator if the operator suspended it.',
    ),
  ],
  service_suspended: ({ service }) => [
    byOperator('resume_service', service ?? null, 'The operator resumes the service.'),
  ],
  policy_violated: followPolicy,
  address_not_allowed: allowAddress,
  // A typed key keeps its origins for good.
  origin_not_allowed: ({ origin }) => [
    byAdmin(
      'create_key',
      hostOf(origin),
      "The allowed domains of a key can't change. Create a key that allows this one.",
    ),
  ],
  rate_limited: raiseLimit,
  scope_missing: grantScopes,
  agent_mismatch: ({ demands: { agentId } }) => [
    byAdmin('create_key', agentId ?? null, 'A key stays with its agent. Create a key for this agent.'),
  ],
};

const KINDS: Partial<Record<Audience, readonly [value: string, message: string]>> = {
  org: ['bearer', 'Create a bearer key.'],
  'public-or-org': ['bearer', 'Create a bearer key.'],
  'scoped-key': ['bearer', 'Create a bearer key.'],
  agent: ['key_secret', 'Create a key with a secret.'],
  event: ['typed', 'Create a typed key.'],
};

/** A key of the kind that the route takes. Members don't get keys of partners, services and the operator. */
function keyOfAudience({ demands: { audience } }: Mended): Mend[] {
  const kind = KINDS[audience];
  if (kind !== undefined) return [byAdmin('create_key', ...kind)];
  if (audience !== 'partner' && audience !== 'service' && audience !== 'operator') return [];
  return [byOperator('create_key', audience, 'The operator creates such keys.')];
}

/** Only a key that still works can get a later end. */
function laterEnd({ key: { audience, profile } }: Mended): Mend[] {
  if (audience !== 'event' && !hasEnded(endMsOf(profile.expires_at))) {
    return [byAdmin('extend_expiry', null, 'Give the key a later expiry, or none.')];
  }
  return [byAdmin('create_key', null, "The key's expiry can't change any more. Create another key.")];
}

const FOLLOWED: Readonly<Record<KeyRule, string>> = {
  max_lifetime_days: 'Give the key an earlier expiry. If it is older than it may be, then rotate it too.',
  expiry_required: 'Give the key an expiry.',
  full_access_forbidden: 'Give the key scopes in place of full access.',
  ip_list_required: 'Give the key a list of allowed IPs.',
  scope_ceiling: 'Remove the scopes that the policy does not list.',
};

/** Names each broken rule once, with all who set it. Only the name and the description of a typed key can change (S4). */
function followPolicy({ key: { audience, brokenRules } }: Mended): Mend[] {
  const byRule = Map.groupBy(brokenRules, ({ rule }) => rule as KeyRule);
  return [...byRule].map(([rule, broken]) => {
    const what = audience === 'event' ? "A typed key's settings can't change. Create another key." : FOLLOWED[rule];
    const owners = broken.map(({ set_by }) => policyWords(set_by)).join(', ');
    return byAdmin(
      audience === 'event' ? 'create_key' : 'follow_policy',
      rule,
      `${what} Broken: ${rule} of ${owners}.`,
    );
  });
}

function allowAddress({ key: { audience, profile }, address }: Mended): Mend[] {
  const value = address ?? null;
  if (profile.org_id === null) {
    return [byOperator('allow_address', value, 'The operator allows addresses of partners: gatehouse partner update.')];
  }
  if (audience === 'event') {
    return [byAdmin('create_key', value, "The allowed IPs of a typed key can't change. Create another key.")];
  }
  return [byAdmin('allow_address', value, `Add ${address ?? 'the address'} to the allowed IPs of the key.`)];
}

function raiseLimit({ key, charged, limits }: Mended): Mend[] {
  const full = charged?.charge.refusedBy;
  if (charged === undefined || full === undefined) return [];
  const { resetSeconds } = charged.charge.standings[charged.windows.indexOf(full)]!;
  const wait: Mend = {
    action: 'wait',
    value: String(resetSeconds),
    role: null,
    message: `Send it again after ${resetSeconds === 1 ? 'one second' : `${resetSeconds} seconds`}.`,
  };
  const [value, ceiling] =
    full.windowSeconds === 60
      ? (['per_minute', limits.ceilingPerMinute] as const)
      : (['per_hour', limits.ceilingPerHour] as const);
  const isOwn = full.name === 'key-min' || full.name === 'key-hour';
  if (isOwn && key.audience !== 'event' && full.limit < ceiling) {
    return [byAdmin('raise_limit', value, `Raise the limit of the key, up to ${ceiling}.`), wait];
  }
  const message = isOwn
    ? "The operator sets how far a key's limit can go."
    : 'The operator sets the limit that is full.';
  return [byOperator('raise_limit', value, message), wait];
}

function grantScopes({ key: { profile }, demands: { scopes } }: Mended): Mend[] {
  if (profile.org_id === null) return [];
  if (profile.access === 'full') {
    const message = 'Full access from before the service existed leaves it out. A new key covers it.';
    return [byAdmin('create_key', null, message)];
  }
  const held = new Set(profile.scopes);
  const lacking = scopes.filter((scope) => !isGranted(held, scope));
  return lacking.map((scope) => byAdmin('grant_scope', scope, `Grant "${scope}" to the key.`));
}

function byAdmin(action: Mend['action'], value: string | null, message: string): Mend {
  return { action, value, role: 'Admin', message };
}

function byOperator(action: Mend['action'], value: string | null, message: string): Mend {
  return { action, value, role: 'operator', message };
}

/** As lists of allowed domains have it. */
function hostOf(origin: string | undefined): string | null {
  return (origin === undefined ? null : URL.parse(origin))?.hostname || null;
}
