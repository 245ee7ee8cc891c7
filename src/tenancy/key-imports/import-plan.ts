import type { EntityManager } from 'typeorm';
import { AppError } from '../../core/errors/app-error.js';
import { coreErrors } from '../../core/errors/core-errors.js';
import { uuidV7 } from '../../core/database/uuid-v7.js';
import { storedDigest } from './imported-digest.js';
import type { ImportRow } from './import-rows.js';
import type { KeyImport } from './key-import.entity.js';

/** What becomes of a row. */
export type RowOutcome =
  | { readonly status: 'created'; readonly id: string; readonly row: ImportRow; readonly digest: string }
  | { readonly status: 'exists'; readonly id: string }
  | { readonly status: 'invalid'; readonly error: AppError };

interface Known {
  readonly digest: string;
  readonly key_id: string;
  readonly is_own: boolean;
}

const KNOWN = `
  SELECT known.digest, known.key_id, coalesce(api_keys.org_id = $2, false) AS is_own
  FROM (
    SELECT digest, key_id FROM key_credentials WHERE digest = ANY ($1)
    UNION SELECT origin, key_id FROM imported_keys WHERE origin = ANY ($1)
  ) known JOIN api_keys ON api_keys.id = known.key_id`;

const TAKEN_EXTERNAL_IDS = `
  SELECT external_id FROM api_keys WHERE org_id = $1 AND revoked_at IS NULL AND external_id = ANY ($2)`;

/** How many active keys an org may still get, and what further ones are told. */
export interface Room {
  readonly left: number;
  readonly refusal: AppError;
}

/** Decides what becomes of each row. To be called with the org locked. */
export async function planImport(
  manager: EntityManager,
  source: Pick<KeyImport, 'id' | 'org_id' | 'format'>,
  rows: readonly (ImportRow | AppError)[],
  room: Room,
): Promise<RowOutcome[]> {
  const valid = rows.filter((row): row is ImportRow => !(row instanceof AppError));
  const digestOf = ({ hash, lookup }: ImportRow) => storedDigest(source, hash, lookup);
  const known = new Map(
    (await manager.query<Known[]>(KNOWN, [valid.map(digestOf), source.org_id])).map((each) => [each.digest, each]),
  );
  const externalIds = valid.flatMap(({ fields }) => fields.external_id ?? []);
  const takenRows = await manager.query<{ external_id: string }[]>(TAKEN_EXTERNAL_IDS, [source.org_id, externalIds]);
  const taken = new Set(takenRows.map(({ external_id }) => external_id));
  let left = room.left;
  return rows.map((row): RowOutcome => {
    if (row instanceof AppError) return { status: 'invalid', error: row };
    const digest = digestOf(row);
    const before = known.get(digest);
    if (before?.is_own) return { status: 'exists', id: before.key_id };
    // Whose it is stays unsaid.
    if (before) return invalid(coreErrors.taken({ what: 'API key', field: 'hash' }));
    const externalId = row.fields.external_id ?? null;
    if (externalId !== null && taken.has(externalId)) {
      return invalid(coreErrors.taken({ what: 'API key', field: 'external_id' }));
    }
    if (left <= 0) return invalid(room.refusal);
    left--;
    if (externalId !== null) taken.add(externalId);
    const id = uuidV7();
    known.set(digest, { digest, key_id: id, is_own: true });
    return { status: 'created', id, row, digest };
  });
}

function invalid(error: AppError): RowOutcome {
  return { status: 'invalid', error };
}
