import type { Database } from '../../core/database/database.js';

/** Table → the trigger that rejects changes which the audit never makes. */
export const APPEND_ONLY_TRIGGERS: Readonly<Record<string, string>> = {
  audit_entries: 'audit_entries_append_only',
  audit_heads: 'audit_heads_kept',
  audit_keys: 'audit_keys_kept',
};

const NOT_ALWAYS_ENABLED = `
  SELECT expected."table" || '.' || expected.name AS trigger
  FROM jsonb_each_text($1::jsonb) AS expected ("table", name)
  LEFT JOIN pg_trigger ON tgrelid = to_regclass(expected."table") AND tgname = expected.name
    AND tgfoid = to_regproc('refuse_audit_change')
  WHERE tgenabled IS DISTINCT FROM 'A'
  ORDER BY 1`;

/** Returns missing and disabled triggers, and those off for replication roles, as `table.trigger`. */
export async function missingAppendOnlyTriggers(query: Database['query']): Promise<string[]> {
  const { rows } = await query(NOT_ALWAYS_ENABLED, [JSON.stringify(APPEND_ONLY_TRIGGERS)]);
  return rows.map((row) => String(row['trigger']));
}
