import pg from 'pg';
import { ORG_SETTING } from './bound-org.js';

/** True for rows of the bound org, or for every row if no org is bound. */
const isOfBoundOrg = (column: string) =>
  `coalesce(current_setting('${ORG_SETTING}', true), '') IN ('', ${column}::text)`;

/** Tables of orgs that lack a policy, with the column that holds the org's id. */
const TABLES = `
  select pg_class.oid::regclass::text as name, attname as column
  from pg_class join pg_attribute on attrelid = pg_class.oid
  where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p')
    -- Partitions have the policies of their parent.
    and not relispartition
    and attname = case relname when 'orgs' then 'id' else 'org_id' end and not attisdropped
    and (not relrowsecurity or (
      select count(*) from pg_policy where polrelid = pg_class.oid
        and polname in ('org_read', 'org_insert', 'org_update', 'org_delete')) < 4)
  order by 1`;

/** Names of tables without policies: a transaction bound to one org could write rows of another. */
export async function tablesWithoutPolicies(client: pg.ClientBase): Promise<string[]> {
  return (await client.query<{ name: string }>(TABLES)).rows.map(({ name }) => name);
}

/**
 * Enables row-level security on each table of orgs that lacks it. The owner isn't subject to it. Reads pass: a policy on
 * them would keep Postgres from using full-text and JSON indexes for a client's filters.
 * @param client connected as the owner
 */
export async function bindRowsToOrgs(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string; column: string }>(TABLES);
  for (const { name, column } of rows) {
    const isOwn = isOfBoundOrg(column);
    // One message per table, so that no two tables are locked at once.
    await client.query(`
      DROP POLICY IF EXISTS org_read ON ${name};
      DROP POLICY IF EXISTS org_insert ON ${name};
      DROP POLICY IF EXISTS org_update ON ${name};
      DROP POLICY IF EXISTS org_delete ON ${name};
      CREATE POLICY org_read ON ${name} FOR SELECT USING (true);
      CREATE POLICY org_insert ON ${name} FOR INSERT WITH CHECK (${isOwn});
      CREATE POLICY org_update ON ${name} FOR UPDATE USING (${isOwn}) WITH CHECK (${isOwn});
      CREATE POLICY org_delete ON ${name} FOR DELETE USING (${isOwn});
      ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY`);
  }
}
