import type { AuditExportState } from '../../../access/ports/audit-export-states.js';
import type { Database } from '../../../core/database/database.js';

const STATES = `
  SELECT sink, extract(epoch FROM now() - coalesce(caught_up_at, created_at))::float8 AS "lagSeconds",
    failing_since AS "failingSince", error
  FROM audit_export_sinks WHERE sink = ANY($1) ORDER BY sink`;

/** Reads how far these sinks are. */
export async function auditExportStates(
  query: Database['query'],
  sinks: readonly string[],
): Promise<AuditExportState[]> {
  return (await query(STATES, [sinks])).rows as unknown as AuditExportState[];
}
