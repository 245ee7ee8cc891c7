import type { EntityManager } from 'typeorm';
import { lastUsedSql } from '../../kit/usage/usage-sql.js';
import { IDLE_SINCE } from '../../tenancy/idle-keys/idle-keys-sql.js';
import { idleDaysSql } from '../../tenancy/key-policies/broken-rules-sql.js';
import { contactedPartnerSql } from './new-notices.js';
import type { DeadlineKind } from './key-deadline.entity.js';

/** Small enough for one statement and for the audit entries of one transaction. */
export const KEYS_PER_BATCH = 200;

/** A key whose deadline has come. */
export interface DueKey {
  readonly id: string;
  readonly org_id: string;
  readonly name: string;
  readonly expires_at: Date | null;
  /** Null for `expiry`, as the next two. */
  readonly idle_since: Date | null;
  readonly last_used_at: Date | null;
  /** After how many idle days a policy suspends it. */
  readonly suspended_after_days: number | null;
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

/**
 * Locks the rows, so that one of several runs gets them. Skips keys that are just being changed: the change waits for
 * the deadline's lock, and this transaction would wait for the key's.
 */
const TAKE_DUE = `
  SELECT keys.id, keys.org_id, keys.name, keys.expires_at, done_until,
    CASE key_deadlines.kind WHEN 'idle' THEN ${IDLE_SINCE} END AS idle_since,
    CASE key_deadlines.kind WHEN 'idle' THEN ${lastUsedSql('keys.id')} END AS last_used_at,
    CASE key_deadlines.kind WHEN 'idle' THEN ${idleDaysSql('keys.org_id', 'orgs.partner_id')} END AS suspended_after_days,
    ${contactedPartnerSql('orgs.partner_id')} AS partner_id,
    revoked_at IS NOT NULL OR archived_at IS NOT NULL AS is_gone,
    keys.suspended_at IS NOT NULL AS is_suspended
  FROM key_deadlines
  JOIN api_keys keys ON keys.id = key_id
  JOIN orgs ON orgs.id = keys.org_id
  WHERE key_deadlines.kind = $1 AND due_at <= $2
  ORDER BY due_at, key_id LIMIT ${KEYS_PER_BATCH}
  FOR UPDATE OF key_deadlines SKIP LOCKED
  FOR KEY SHARE OF keys SKIP LOCKED`;

const LOOK_NEXT = `
  UPDATE key_deadlines SET done_until = look.done_until, due_at = look.due_at
  FROM unnest($2::uuid[], $3::timestamptz[], $4::timestamptz[]) look (key_id, done_until, due_at)
  WHERE kind = $1 AND key_deadlines.key_id = look.key_id`;

const LOOK_NO_MORE = `DELETE FROM key_deadlines WHERE kind = $1 AND key_id = ANY ($2)`;

export function takeDueKeys(manager: EntityManager, kind: DeadlineKind, now: Date): Promise<DueKey[]> {
  return manager.query(TAKE_DUE, [kind, now]);
}

export async function lookNext(manager: EntityManager, kind: DeadlineKind, looks: readonly NextLook[]): Promise<void> {
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
