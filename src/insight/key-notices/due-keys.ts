import type { EntityManager } from 'typeorm';
import { lastUsedSql } from '../../kit/usage/usage-sql.js';
import type { NoticeKind } from './key-deadline.entity.js';
import type { NoticeAudience } from './key-notice.entity.js';

/** Small enough for one statement and for the audit entries of one transaction. */
export const KEYS_PER_BATCH = 200;

/** A key whose deadline has come. */
export interface DueKey {
  readonly id: string;
  readonly org_id: string;
  readonly name: string;
  readonly created_at: Date;
  readonly expires_at: Date | null;
  readonly last_used_at: Date | null;
  /** The partner of the org, if it has a contact for notices. */
  readonly partner_id: string | null;
  readonly done_until: Date;
  /** Revoked, or its org is archived. */
  readonly is_gone: boolean;
  readonly is_suspended: boolean;
}

/** The next look at a key. Without `dueAt` there is none. */
export interface NextLook {
  readonly keyId: string;
  readonly doneUntil: Date;
  readonly dueAt: Date | undefined;
}

export interface NewNotice {
  readonly key: DueKey;
  readonly about: Date;
  readonly days: number;
  readonly isSkipped: boolean;
}

/**
 * Locks the rows, so that one of several runs gets them. Skips keys that are just being changed: the change waits for
 * the deadline's lock, and this transaction would wait for the key's.
 */
const TAKE_DUE = `
  SELECT api_keys.id, org_id, api_keys.name, api_keys.created_at, api_keys.expires_at, done_until,
    CASE key_deadlines.kind WHEN 'idle' THEN ${lastUsedSql('api_keys.id')} END AS last_used_at,
    (SELECT id FROM partners WHERE id = orgs.partner_id AND is_active AND contact_email IS NOT NULL) AS partner_id,
    revoked_at IS NOT NULL OR archived_at IS NOT NULL AS is_gone,
    api_keys.suspended_at IS NOT NULL AS is_suspended
  FROM key_deadlines
  JOIN api_keys ON api_keys.id = key_id
  JOIN orgs ON orgs.id = org_id
  WHERE key_deadlines.kind = $1 AND due_at <= $2
  ORDER BY due_at, key_id LIMIT ${KEYS_PER_BATCH}
  FOR UPDATE OF key_deadlines SKIP LOCKED
  FOR KEY SHARE OF api_keys SKIP LOCKED`;

const LOOK_NEXT = `
  UPDATE key_deadlines SET done_until = look.done_until, due_at = look.due_at
  FROM unnest($2::uuid[], $3::timestamptz[], $4::timestamptz[]) look (key_id, done_until, due_at)
  WHERE kind = $1 AND key_deadlines.key_id = look.key_id`;

const LOOK_NO_MORE = `DELETE FROM key_deadlines WHERE kind = $1 AND key_id = ANY ($2)`;

const ADD_NOTICES = `
  INSERT INTO key_notices (key_id, kind, about, days, audience, audience_id, state, state_at)
  SELECT key_id, $1, about, days, audience, audience_id, state, $8
  FROM unnest($2::uuid[], $3::timestamptz[], $4::integer[], $5::text[], $6::uuid[], $7::text[])
    notice (key_id, about, days, audience, audience_id, state)
  ON CONFLICT DO NOTHING`;

export function takeDueKeys(manager: EntityManager, kind: NoticeKind, now: Date): Promise<DueKey[]> {
  return manager.query(TAKE_DUE, [kind, now]);
}

export async function lookNext(manager: EntityManager, kind: NoticeKind, looks: readonly NextLook[]): Promise<void> {
  const next = looks.filter((look) => look.dueAt !== undefined);
  const last = looks.filter((look) => look.dueAt === undefined);
  const [ids, doneUntil, dueAt] = [
    next.map(({ keyId }) => keyId),
    next.map((look) => look.doneUntil),
    next.map((look) => look.dueAt),
  ];
  if (next.length > 0) await manager.query(LOOK_NEXT, [kind, ids, doneUntil, dueAt]);
  if (last.length > 0) await manager.query(LOOK_NO_MORE, [kind, last.map(({ keyId }) => keyId)]);
}

export async function addNotices(
  manager: EntityManager,
  kind: NoticeKind,
  notices: readonly NewNotice[],
  now: Date,
): Promise<void> {
  const rows = notices.flatMap((notice) =>
    audiencesOf(kind, notice.key).map(([audience, audienceId]) => ({ ...notice, audience, audienceId })),
  );
  if (rows.length === 0) return;
  await manager.query(ADD_NOTICES, [
    kind,
    rows.map(({ key }) => key.id),
    rows.map(({ about }) => about),
    rows.map(({ days }) => days),
    rows.map(({ audience }) => audience),
    rows.map(({ audienceId }) => audienceId),
    rows.map(({ isSkipped }) => (isSkipped ? 'skipped' : 'pending')),
    now,
  ]);
}

/** The contact of a partner hears of keys that are about to end. */
function audiencesOf(kind: NoticeKind, key: DueKey): (readonly [NoticeAudience, string])[] {
  const org = ['org', key.org_id] as const;
  return kind === 'expiry' && key.partner_id !== null ? [org, ['partner', key.partner_id] as const] : [org];
}
