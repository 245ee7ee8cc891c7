import type { EntityManager } from 'typeorm';
import { isUuid } from '../../database/uuid-v7.js';
import { AppError } from '../../errors/app-error.js';
import { conditionsOf, type SequenceFilter } from './sequence-filter.js';

/** @throws AppError not_found (404) when a filter names a contact or a sequence that the org doesn't have */
export async function knowOrThrow(manager: EntityManager, orgId: string, filter: SequenceFilter | null): Promise<void> {
  const conditions = conditionsOf(filter);
  const contacts = conditions.flatMap((condition) => (condition.type === 'contact_id_in' ? condition.contact_ids : []));
  const sequences = conditions.flatMap((condition) =>
    condition.type === 'contacts_affected_by_sequence' ? [condition.sequence_id] : [],
  );
  if (!(await areKnown(manager, 'contacts', orgId, contacts))) throw new AppError('not_found', { what: 'Contact' });
  if (!(await areKnown(manager, 'sequences', orgId, sequences))) throw new AppError('not_found', { what: 'Sequence' });
}

async function areKnown(
  manager: EntityManager,
  table: 'contacts' | 'sequences',
  orgId: string,
  ids: readonly string[],
): Promise<boolean> {
  if (ids.length === 0) return true;
  if (!ids.every(isUuid)) return false;
  const distinct = [...new Set(ids.map((id) => id.toLowerCase()))];
  const sql = `SELECT count(*)::int AS known FROM ${table} WHERE org_id = $1 AND id = ANY ($2::uuid[])`;
  const [{ known }] = (await manager.query(sql, [orgId, distinct])) as [{ known: number }];
  return known === distinct.length;
}
