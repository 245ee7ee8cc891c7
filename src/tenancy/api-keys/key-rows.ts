import { type EntityManager, In } from 'typeorm';
import { digestOf, maskCredential } from '../../access/credentials/credential-format.js';
import type { Recorder } from '../../kit/audit/changes.js';
import { takeTurn } from '../../core/database/transaction.js';
import { uuidV7 } from '../../core/database/uuid-v7.js';
import { rowId } from '../../core/wire/row-id.js';
import { notFound } from '../../core/errors/core-errors.js';
import { endMsOf, hasEnded } from '../../core/validation/instant.js';
import { apiKeyErrors } from './api-keys.errors.js';
import { ApiKey } from './api-key.entity.js';
import { KeyCredential } from './key-credential.entity.js';
import type { MintedCredential } from './key-mint.js';
import type { KeyState } from './key-view.dto.js';

/** For `constraintRefusal`. */
export const UNIQUE_KEY = { api_keys_external_id: 'external_id' } as const;

/** The owner of a key. */
export type KeyOwner =
  | { readonly orgId: string }
  | { readonly partnerId: string }
  | { readonly serviceId: string }
  | { readonly isOperator: true };

type KeyTimes = Pick<ApiKey, 'revoked_at' | 'expires_at' | 'suspended_at'>;
type OwnerColumns = { org_id: string } | { partner_id: string } | { service_id: string } | { is_operator: true };

export function columnsOf(owner: KeyOwner): OwnerColumns {
  if ('orgId' in owner) return { org_id: owner.orgId };
  if ('partnerId' in owner) return { partner_id: owner.partnerId };
  return 'serviceId' in owner ? { service_id: owner.serviceId } : { is_operator: true };
}

export function ownerOf({ org_id, partner_id, service_id }: ApiKey): KeyOwner {
  if (org_id !== null) return { orgId: org_id };
  if (partner_id !== null) return { partnerId: partner_id };
  return service_id === null ? { isOperator: true } : { serviceId: service_id };
}

/** @throws AppError not_found (404) */
export async function lockKeyOrThrow(manager: EntityManager, owner: KeyOwner, keyId: string): Promise<ApiKey> {
  const columns = columnsOf(owner);
  // Looks the owner up before it locks: another caller with the id must not block the owner's changes.
  await takeTurn(manager, 'key', `${Object.values(columns).join()} ${keyId}`);
  const where = { id: rowId(keyId), ...columns };
  const lock = { mode: 'pessimistic_write' } as const;
  const key = await manager.findOne(ApiKey, { where, lock });
  if (!key) throw notFound('API key');
  return key;
}

/** As `KEY_STATE` of key-sql.ts says it. */
export function keyStateOf({ revoked_at, expires_at, suspended_at }: KeyTimes): KeyState {
  if (revoked_at !== null) return 'revoked';
  if (hasEnded(endMsOf(expires_at))) return 'expired';
  return suspended_at === null ? 'active' : 'suspended';
}

/**
 * Revoked and expired keys can't change, for the audit (S2). Suspended keys can: they may work again.
 * @throws AppError key_inactive (409)
 */
export function assertNotEnded(key: KeyTimes): void {
  const state = keyStateOf(key);
  if (state === 'revoked' || state === 'expired') throw apiKeyErrors.key_inactive({ state });
}

/** The columns of a key that show its credential. */
export function shownOf({ token, secret }: MintedCredential): Pick<ApiKey, 'masked_key' | 'public_key'> {
  return { masked_key: maskCredential(token), public_key: secret === undefined ? null : token };
}

/** @param overlapSeconds how long the credentials that it replaces work after its first use; null: they have their end */
export async function insertCredential(
  manager: EntityManager,
  keyId: string,
  { token, secretHash }: MintedCredential,
  overlapSeconds: number | null = null,
): Promise<void> {
  const columns = { digest: digestOf(token), secret_hash: secretHash ?? null, overlap_seconds: overlapSeconds };
  await manager.insert(KeyCredential, { id: uuidV7(), key_id: keyId, ...columns });
}

/** The changed fields of a key, for the audit. */
export type KeyChangeRecord = Parameters<Recorder>[0]['changes'];

/** The partner is only of keys without an org. */
type RecordedKey = Pick<ApiKey, 'id' | 'org_id' | 'name'> & Partial<Pick<ApiKey, 'partner_id'>>;

export function recordKey(
  record: Recorder,
  action: `api_key.${string}`,
  { id, name, org_id: orgId, partner_id: partnerId = null }: RecordedKey,
  changes?: KeyChangeRecord,
): void {
  record({ action, orgId, partnerId, target: { type: 'api_key', id, name }, changes });
}

/** Revokes locked keys that are not revoked yet. @param also further changes, for the audit */
export async function revokeKeys(
  manager: EntityManager,
  record: Recorder,
  keys: readonly ApiKey[],
  also: KeyChangeRecord,
): Promise<void> {
  if (keys.length === 0) return;
  const revokedAt = new Date();
  await manager.update(ApiKey, { id: In(keys.map(({ id }) => id)) }, { revoked_at: revokedAt });
  const changes = { revoked_at: { before: null, after: revokedAt.toISOString() }, ...also };
  for (const key of keys) recordKey(record, 'api_key.revoked', key, changes);
}
