import type { Query } from './query.js';

const EXPECTED_BUT_NOT_ALWAYS_ENABLED = `
  select expected.target::regclass::text || '.' || expected.name as trigger
  from (
    select target::oid as target, 'access_ring_' || event as name
    from access_ringing_table, unnest(array['insert', 'update', 'delete', 'truncate']) event
    union all select 'access_change'::regclass, 'access_stamp'
  ) expected
  join pg_class on pg_class.oid = expected.target
  left join pg_trigger on tgrelid = expected.target and tgname = expected.name
  where tgenabled is distinct from 'A'
  order by 1`;

/**
 * Finds triggers that announce changes and are missing, disabled, or off for replication roles. Nothing else would
 * notice: the changes would never arrive.
 * @returns `table.trigger` each; `ALTER TABLE … ENABLE ALWAYS TRIGGER …` repairs one that exists
 */
export async function checkTriggers(query: Query): Promise<string[]> {
  const { rows } = await query(EXPECTED_BUT_NOT_ALWAYS_ENABLED);
  return rows.map((row) => String(row.trigger));
}
