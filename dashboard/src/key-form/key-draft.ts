import type { ApiKey, CreateApiKey, UpdateApiKey } from '../api/wire';
import { dayOf, endOfDay } from '../text/dates';
import { metadataChange, metadataOf, type MetadataPair, pairsOf } from './label-rules';

export const EVENT_TYPES = ['client', 'openconnect', 'queue_adapter', 'telephony'] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** The kinds of keys that the form offers. */
export type KeyKind = 'bearer' | 'key_secret' | 'event';

/** Never, on a date, or so many days from now. */
export type ExpiryChoice = 'never' | 'date' | `${number}`;

/** The values of the key form. Empty values are empty strings or lists. */
export interface KeyDraft {
  kind: KeyKind;
  type: EventType;
  agent_id: string;
  name: string;
  description: string;
  access: 'full' | 'scoped';
  /** Scopes of org keys. */
  scopes: string[];
  /** Scopes of agent keys, kept apart so that changing the kind loses none. */
  agent_scopes: string[];
  expiry: ExpiryChoice;
  /** A day (`YYYY-MM-DD`), or empty. */
  expiry_date: string;
  allowed_ips: string[];
  allowed_origins: string[];
  per_minute: number | '';
  per_hour: number | '';
  tags: string[];
  external_id: string;
  metadata: MetadataPair[];
}

/** A key that is left behind stops working after 90 days. */
export const EMPTY_DRAFT: KeyDraft = {
  kind: 'bearer',
  type: 'client',
  agent_id: '',
  name: '',
  description: '',
  access: 'scoped',
  scopes: [],
  agent_scopes: [],
  expiry: '90',
  expiry_date: '',
  allowed_ips: [],
  allowed_origins: [],
  per_minute: '',
  per_hour: '',
  tags: [],
  external_id: '',
  metadata: [],
};

export function draftOf(key: ApiKey): KeyDraft {
  return {
    kind: key.type === 'standard' ? key.kind : 'event',
    type: key.type === 'standard' ? 'client' : key.type,
    agent_id: key.agent_id ?? '',
    name: key.name,
    description: key.description ?? '',
    access: key.access,
    scopes: key.kind === 'key_secret' ? [] : key.scopes,
    agent_scopes: key.kind === 'key_secret' ? key.scopes : [],
    expiry: key.expires_at === null ? 'never' : 'date',
    expiry_date: key.expires_at === null ? '' : dayOf(new Date(key.expires_at)),
    allowed_ips: key.allowed_ips,
    allowed_origins: key.allowed_origins,
    per_minute: key.rate_limit.per_minute,
    per_hour: key.rate_limit.per_hour,
    tags: [...key.tags],
    external_id: key.external_id ?? '',
    metadata: pairsOf(key.metadata),
  };
}

/** The instant at which the key expires; null for never. */
export function expiryOf(draft: Pick<KeyDraft, 'expiry' | 'expiry_date'>, now = Date.now()): string | null {
  if (draft.expiry === 'never') return null;
  if (draft.expiry === 'date') return endOfDay(draft.expiry_date).toISOString();
  return new Date(now + Number(draft.expiry) * 86_400_000).toISOString();
}

/** The request that creates the key, with only the fields of its kind. */
export function createBodyOf(draft: KeyDraft): CreateApiKey {
  const { kind, type, agent_id, name, description, access, allowed_ips, allowed_origins } = draft;
  return {
    name: name.trim(),
    ...(description && { description }),
    ...(kind === 'key_secret' && { kind: 'key_secret' as const, agent_id }),
    ...(kind === 'event' ? { type, allowed_origins } : isFull(draft) ? { access } : { scopes: known(scopesOf(draft)) }),
    expires_at: expiryOf(draft),
    allowed_ips,
    rate_limit: rateLimitOf(draft),
    ...labelsOf(draft),
  };
}

/** The request that updates the key, with changed fields only, so that the audit has exactly these. */
export function updateBodyOf(draft: KeyDraft, key: ApiKey): UpdateApiKey {
  const before = draftOf(key);
  const differs = (...fields: (keyof KeyDraft)[]) =>
    fields.some((field) => JSON.stringify(draft[field]) !== JSON.stringify(before[field]));
  return {
    ...(differs('name') && { name: draft.name.trim() }),
    ...(differs('description') && { description: draft.description || null }),
    ...labelChangesOf(draft, key),
    ...(draft.kind !== 'event' && {
      ...(differs('access', 'scopes', 'agent_scopes') &&
        (isFull(draft) ? { access: 'full' as const } : { scopes: known(scopesOf(draft)) })),
      ...(differs('expiry', 'expiry_date') && { expires_at: expiryOf(draft) }),
      ...(differs('allowed_ips') && { allowed_ips: draft.allowed_ips }),
      ...(differs('per_minute', 'per_hour') && { rate_limit: rateLimitOf(draft) }),
    }),
  };
}

/** Only those that are given. */
function labelsOf({ tags, external_id, metadata }: KeyDraft): Pick<CreateApiKey, 'tags' | 'external_id' | 'metadata'> {
  const pairs = metadataOf(metadata);
  return {
    ...(tags.length > 0 && { tags }),
    ...(external_id.trim() !== '' && { external_id: external_id.trim() }),
    ...(Object.keys(pairs).length > 0 && { metadata: pairs }),
  };
}

function labelChangesOf({ tags, external_id, metadata }: KeyDraft, key: ApiKey): UpdateApiKey {
  const pairs = metadataChange(key.metadata, metadataOf(metadata));
  const isSame = JSON.stringify(tags.toSorted()) === JSON.stringify(key.tags.toSorted());
  return {
    ...(!isSame && { tags }),
    ...(external_id.trim() !== (key.external_id ?? '') && { external_id: external_id.trim() || null }),
    ...(Object.keys(pairs).length > 0 && { metadata: pairs }),
  };
}

/** Whether the key has full access. Keys with a secret are always scoped [S3]. */
export function isFull({ kind, access }: Pick<KeyDraft, 'kind' | 'access'>): boolean {
  return kind === 'bearer' && access === 'full';
}

type Scoped = Pick<KeyDraft, 'kind' | 'scopes' | 'agent_scopes'>;

export function scopesOf({ kind, scopes, agent_scopes }: Scoped): string[] {
  return kind === 'key_secret' ? agent_scopes : scopes;
}

/** Whether the key needs a scope and has none. Event keys need no scope. */
export function lacksScopes(draft: Scoped & Pick<KeyDraft, 'access'>): boolean {
  return draft.kind !== 'event' && !isFull(draft) && scopesOf(draft).length === 0;
}

/** The server's catalogue may be newer than the types of this build. */
function known(scopes: readonly string[]) {
  return scopes as NonNullable<CreateApiKey['scopes']>;
}

function rateLimitOf({ per_minute, per_hour }: KeyDraft) {
  return { per_minute: per_minute === '' ? null : per_minute, per_hour: per_hour === '' ? null : per_hour };
}
