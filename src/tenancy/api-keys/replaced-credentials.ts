import type { EntityManager } from 'typeorm';
import { type Recorder } from '../../kit/audit/changes.js';
import type { ApiKey } from './api-key.entity.js';
import { recordKey } from './key-rows.js';

/** How long the credentials that a rotation replaces go on working. */
export interface Overlap {
  /** 0: they end at once, without a clock comparison. */
  readonly grace_seconds: number;
  /** What the seconds are counted from: the rotation, or the first use of the new credential. */
  readonly overlap_from: 'now' | 'first_use';
}

/** Credentials of a key that ended stay for a while, so that its owner sees who still uses them. */
const ENDED_CREDENTIALS_KEPT = 10;

/** Without an end ($3 is null), they end as soon as the new credential's first use sets one. */
const RETIRE = `
  UPDATE key_credentials SET
    rotated_at = coalesce(rotated_at, $2),
    retires_at = least(retires_at, $3),
    ended_at = CASE WHEN least(retires_at, $3) <= $2 THEN $2 END
  WHERE key_id = $1 AND ended_at IS NULL
  RETURNING id, ended_at`;

const FORGET_ENDED = `
  DELETE FROM key_credentials WHERE id IN (
    SELECT id FROM key_credentials WHERE key_id = $1 AND ended_at IS NOT NULL
    ORDER BY ended_at DESC, id DESC OFFSET ${ENDED_CREDENTIALS_KEPT})`;

/** What a rotation does to the present credentials of its key. */
export interface Retired {
  /** Null: the first use of the new credential decides. */
  readonly retiresAt: Date | null;
  /** The ids of those that ended at once. */
  readonly ended: readonly string[];
}

/** Sets the end of all present credentials of a locked key. */
export async function retireCredentials(
  manager: EntityManager,
  keyId: string,
  { grace_seconds, overlap_from }: Overlap,
): Promise<Retired> {
  const now = new Date();
  const retiresAt = overlap_from === 'now' ? new Date(now.getTime() + grace_seconds * 1_000) : null;
  type Row = { readonly id: string; readonly ended_at: Date | null };
  const [rows] = (await manager.query(RETIRE, [keyId, now, retiresAt])) as [Row[], number];
  await manager.query(FORGET_ENDED, [keyId]);
  return { retiresAt, ended: rows.filter(({ ended_at }) => ended_at !== null).map(({ id }) => id) };
}

/** Records that a credential which a rotation had replaced works no longer. */
export function recordEnd(record: Recorder, key: Pick<ApiKey, 'id' | 'org_id' | 'name'>, credentialId: string): void {
  recordKey(record, 'api_key.rotation_ended', key, { credential_id: { before: credentialId, after: null } });
}

/**
 * Marks the credential $2 of the key $1 as used, and sets the end of those that were replaced before it. A later call
 * changes nothing. Locks the key first, as a rotation does.
 */
export const START_OVERLAP = `
  WITH locked AS MATERIALIZED (SELECT id FROM api_keys WHERE id = $1 FOR NO KEY UPDATE),
  used AS (
    UPDATE key_credentials SET first_used_at = now() FROM locked
    WHERE key_credentials.id = $2 AND key_id = locked.id AND overlap_seconds IS NOT NULL AND first_used_at IS NULL
    RETURNING key_id, rotated_at, overlap_seconds
  )
  UPDATE key_credentials replaced
  SET retires_at = least(replaced.retires_at, now() + make_interval(secs => used.overlap_seconds))
  FROM used
  WHERE replaced.key_id = used.key_id AND replaced.id <> $2 AND replaced.ended_at IS NULL
    AND replaced.rotated_at < coalesce(used.rotated_at, 'infinity')`;

/** The keys with a credential whose grace period is over, at most $1. */
export const KEYS_WITH_OVER = `
  SELECT DISTINCT key_id FROM key_credentials WHERE retires_at <= now() AND ended_at IS NULL ORDER BY key_id LIMIT $1`;

/** Ends the credentials of the keys $1 whose grace period is over. Of concurrent calls, one ends each. */
export const END_OVER = `
  WITH locked AS MATERIALIZED (
    SELECT id, org_id, name, revoked_at FROM api_keys WHERE id = ANY ($1::uuid[]) ORDER BY id FOR NO KEY UPDATE
  ), ended AS (
    UPDATE key_credentials SET ended_at = now() FROM locked
    WHERE key_id = locked.id AND retires_at <= now() AND ended_at IS NULL
    RETURNING key_credentials.id, key_id
  )
  SELECT locked.id, org_id, name, ended.id AS credential_id
  FROM ended JOIN locked ON locked.id = key_id WHERE revoked_at IS NULL ORDER BY locked.id, ended.id`;
