import type { EntityManager } from 'typeorm';
import { uuidV7 } from '../../core/database/uuid-v7.js';
import type { Actor } from '../../kit/audit/actor.js';
import { ApiKey } from '../api-keys/api-key.entity.js';
import { KeyCredential } from '../api-keys/key-credential.entity.js';
import { creatorOf } from '../api-keys/api-keys.service.js';
import { isNative, isSlow } from './import-format.js';
import type { RowOutcome } from './import-plan.js';
import { ImportedKey } from './imported-key.entity.js';
import type { KeyImport } from './key-import.entity.js';

type CreatedRow = Extract<RowOutcome, { status: 'created' }>;

/** A statement takes at most 65,535 values. */
const ROWS_PER_INSERT = 500;

/** Inserts the keys with their credentials, in the order of the rows. */
export async function insertImported(
  manager: EntityManager,
  actor: Actor,
  source: KeyImport,
  rows: readonly CreatedRow[],
): Promise<ApiKey[]> {
  const keys = rows.map(({ id, row }) =>
    manager.create(ApiKey, {
      kind: 'bearer',
      ...row.fields,
      id,
      org_id: source.org_id,
      ...creatorOf(actor),
    }),
  );
  const credentials = rows.map(({ id, row, digest }) => ({
    id: uuidV7(),
    key_id: id,
    digest,
    secret_hash: isSlow(source.format.algorithm) ? row.hash : null,
  }));
  const native_at = isNative(source.format) ? new Date() : null;
  const origins = rows.map(({ id, digest }) => ({ key_id: id, import_id: source.id, origin: digest, native_at }));
  for (let from = 0; from < rows.length; from += ROWS_PER_INSERT) {
    const to = from + ROWS_PER_INSERT;
    await manager.insert(ApiKey, keys.slice(from, to));
    await manager.insert(KeyCredential, credentials.slice(from, to));
    await manager.insert(ImportedKey, origins.slice(from, to));
  }
  return keys;
}
