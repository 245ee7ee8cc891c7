import type { EntityManager } from 'typeorm';
import type { ServiceResourceRow } from './service.entity.js';

/** Updates leave the key of a row alone: they must not wait for keys that are being granted other scopes of it. */
const SAVE = `
  INSERT INTO service_resources (name, service_id, position, label, description, actions)
  SELECT name, service_id, position, label, description, actions
  FROM jsonb_populate_recordset(NULL::service_resources, $1::jsonb)
  ON CONFLICT (name) DO UPDATE SET position = excluded.position, label = excluded.label,
    description = excluded.description, actions = excluded.actions`;

/** Creates or updates resources. None of them may belong to another service. */
export async function saveResources(manager: EntityManager, rows: readonly ServiceResourceRow[]): Promise<void> {
  if (rows.length > 0) await manager.query(SAVE, [JSON.stringify(rows)]);
}
