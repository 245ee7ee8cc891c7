import type { EntityManager } from 'typeorm';
import { notFound } from '../../../core/errors/core-errors.js';
import { unknownIds } from '../../../kit/crud/unknown-ids.js';
import { conditionsOf, type SequenceFilter } from './sequence-filter.js';

/** @throws AppError not_found (404) if the filter refers to an unknown contact or sequence of the org */
export async function assertReferencesExist(
  manager: EntityManager,
  orgId: string,
  filter: SequenceFilter | null,
): Promise<void> {
  const conditions = conditionsOf(filter);
  const contacts = conditions.flatMap((condition) => (condition.type === 'contact_id_in' ? condition.contact_ids : []));
  const sequences = conditions.flatMap((condition) =>
    condition.type === 'contacts_affected_by_sequence' ? [condition.sequence_id] : [],
  );
  const areKnown = async (table: 'contacts' | 'sequences', ids: readonly string[]) =>
    (await unknownIds(manager, table, orgId, ids)).length === 0;
  if (!(await areKnown('contacts', contacts))) throw notFound('Contact');
  if (!(await areKnown('sequences', sequences))) throw notFound('Sequence');
}
