import type { EntityManager } from 'typeorm';
import { isUuid } from '../../core/wire/row-id.js';

/** Tables referenced by ids in JSON columns, which can't have foreign keys. */
export type NamedTable = 'actions' | 'chat_sessions' | 'contacts' | 'sequences' | 'teams';

/**
 * Returns the ids without a row in the org, in the given order. The rows of the others stay until the transaction ends.
 * @param ids in lower case
 */
export async function unknownIds(
  manager: EntityManager,
  table: NamedTable,
  orgId: string,
  ids: readonly string[],
): Promise<string[]> {
  const distinct = [...new Set(ids)];
  const possible = distinct.filter(isUuid);
  if (possible.length === 0) return distinct;
  const sql = `SELECT id FROM ${table} WHERE org_id = $1 AND id = ANY ($2::uuid[]) FOR KEY SHARE`;
  const rows = (await manager.query(sql, [orgId, possible])) as { id: string }[];
  const known = new Set(rows.map(({ id }) => id));
  return distinct.filter((id) => !known.has(id));
}
