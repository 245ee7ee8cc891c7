import { ACTOR_TYPES } from '../actor.js';
import type { AuditEntry } from '../audit-entry.entity.js';
import type { KeptHead } from '../kept-heads.js';

/** The schema of Open Cybersecurity Schema Framework, https://schema.ocsf.io. */
const OCSF_VERSION = '1.6.0';
const IAM = { category_uid: 3, category_name: 'Identity & Access Management' };
const AUTHENTICATION = { class_uid: 3002, class_name: 'Authentication' };
const ENTITY_MANAGEMENT = { class_uid: 3004, class_name: 'Entity Management' };

const LOGON_ACTIVITIES: Readonly<Record<string, readonly [number, string]>> = {
  'session.started': [1, 'Logon'],
  'session.ended': [2, 'Logoff'],
};
/** By the verb of an action. */
const ACTIVITIES: Readonly<Record<string, readonly [number, string]>> = {
  created: [1, 'Create'],
  imported: [1, 'Create'],
  updated: [3, 'Update'],
  acknowledged: [3, 'Update'],
  rotated: [3, 'Update'],
  secret_rotated: [3, 'Update'],
  widget_token_rotated: [3, 'Update'],
  scopes_removed: [3, 'Update'],
  scopes_restored: [3, 'Update'],
  assigned: [3, 'Update'],
  released: [3, 'Update'],
  deleted: [4, 'Delete'],
  removed: [4, 'Delete'],
  revoked: [4, 'Delete'],
  archived: [4, 'Delete'],
  disabled: [9, 'Disable'],
  activated: [10, 'Activate'],
  deactivated: [11, 'Deactivate'],
  suspended: [12, 'Suspend'],
  resumed: [13, 'Resume'],
};
const OTHER = 99;

const INFORMATIONAL = [1, 'Informational'] as const;
const HIGH = [4, 'High'] as const;
const SEVERE_ACTIONS: ReadonlySet<string> = new Set(['api_key.exposed']);

/** The types of managed entities that have an object of their own; every other type is 99, Other. */
const ENTITIES: Readonly<Record<string, readonly [number, 'user' | 'org' | 'policy', string]>> = {
  member: [2, 'user', 'User'],
  org: [4, 'org', 'Organization'],
  key_policy: [5, 'policy', 'Policy'],
};

const USER_TYPES: Readonly<Record<(typeof ACTOR_TYPES)[number], readonly [number, string]>> = {
  user: [1, 'User'],
  operator: [2, 'Admin'],
  system: [3, 'System'],
  api_key: [4, 'Service'],
  partner: [4, 'Service'],
};

/** An entry with what binds it to the one before it. */
export interface LinkedEntry {
  readonly entry: AuditEntry;
  /** Null if the entry before it is missing in the database. */
  readonly previousHash: string | null;
}

/** Every column of an entry, which its hash is made of. */
export const ENTRY_COLUMNS: readonly (keyof AuditEntry)[] = [
  ...(['id', 'org_id', 'chain', 'sequence', 'action', 'actor_type', 'actor_id', 'actor_name'] as const),
  ...(['target_type', 'target_id', 'target_name', 'changes', 'ip', 'request_id', 'created_at'] as const),
  ...(['version', 'key_id', 'hash'] as const),
];

/** The part of an event that `audit verify --from-export` reads. */
export interface ExportedAudit {
  readonly entry: AuditEntry;
  readonly previous_hash: string | null;
  /** Of the last entry of its chain in a batch. */
  readonly head?: KeptHead;
}

export interface OcsfEvent {
  readonly time: number;
  readonly severity_id: number;
  readonly metadata: { readonly uid: string; readonly event_code: string };
  readonly unmapped: { readonly gatehouse: ExportedAudit };
}

/** Returns an entry as an event of OCSF: class Authentication for sign-ins, Entity Management for all others. */
export function ocsfEvent({ entry, previousHash }: LinkedEntry, version: string, head?: KeptHead): OcsfEvent {
  const { action, actor_name, target_name } = entry;
  const verb = action.slice(action.indexOf('.') + 1);
  const logon = LOGON_ACTIVITIES[action];
  const [activity_id, activity_name] = logon ?? ACTIVITIES[verb] ?? [OTHER, verb];
  const ofClass = logon ? AUTHENTICATION : ENTITY_MANAGEMENT;
  const [severity_id, severity] = SEVERE_ACTIONS.has(action) ? HIGH : INFORMATIONAL;
  const event = {
    activity_id,
    activity_name,
    ...IAM,
    ...ofClass,
    type_uid: ofClass.class_uid * 100 + activity_id,
    type_name: `${ofClass.class_name}: ${activity_id === OTHER ? 'Other' : activity_name}`,
    time: entry.created_at.getTime(),
    severity_id,
    severity,
    status_id: 1,
    status: 'Success',
    message: `${action}: ${target_name}, by ${actor_name}`,
    metadata: metadataOf(entry, version),
    actor: { user: actorOf(entry) },
    ...(entry.ip !== null && { src_endpoint: { ip: entry.ip } }),
    ...(logon ? { user: partyOf(entry), service: { name: 'Gatehouse' } } : { entity: entityOf(entry) }),
    unmapped: { gatehouse: { entry, previous_hash: previousHash, ...(head && { head }) } },
  };
  return event;
}

function metadataOf(entry: AuditEntry, version: string): OcsfEvent['metadata'] {
  const metadata = {
    version: OCSF_VERSION,
    product: { name: 'Gatehouse', vendor_name: 'Gatehouse', version },
    log_name: 'audit',
    uid: entry.id,
    event_code: entry.action,
    sequence: entry.sequence,
    ...(entry.org_id !== null && { tenant_uid: entry.org_id }),
    ...(entry.request_id !== null && { correlation_uid: entry.request_id }),
  };
  return metadata;
}

function actorOf({ actor_type, actor_id, actor_name }: AuditEntry): object {
  const [type_id, type] = USER_TYPES[actor_type];
  return { name: actor_name, type_id, type, ...(actor_id !== null && { uid: actor_id }) };
}

function partyOf({ target_id, target_name }: AuditEntry): object {
  return { name: target_name, ...(target_id !== null && { uid: target_id }) };
}

function entityOf(entry: AuditEntry): object {
  const known = ENTITIES[entry.target_type];
  const named = partyOf(entry);
  if (known === undefined) return { ...named, type_id: OTHER, type: entry.target_type };
  const [type_id, field, type] = known;
  return { ...named, type_id, type, [field]: named };
}
