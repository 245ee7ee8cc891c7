import type pg from 'pg';
import manifest from 'pg-boss/package.json' with { type: 'json' };

/** The schema of pg-boss's tables. */
export const JOB_SCHEMA = 'pgboss';

/**
 * Migrates pg-boss's tables to its installed version.
 * @param client holds the migration lock
 */
export async function migrateJobTables(client: pg.Client): Promise<void> {
  if (await areJobTablesUpToDate(client)) return;
  // Imported late: it takes long to load, and a database that is up to date doesn't need it.
  const { PgBoss } = await import('pg-boss');
  // CREATE SCHEMA IF NOT EXISTS needs the privilege even if the schema exists.
  const { rows } = await client.query('select to_regnamespace($1) is null as is_missing', [JOB_SCHEMA]);
  const boss = new PgBoss({
    db: { executeSql: (text, values) => client.query(text, values) },
    schema: JOB_SCHEMA,
    createSchema: rows[0].is_missing,
    supervise: false,
    schedule: false,
    registerInstance: false,
    openTelemetry: { enabled: false },
  });
  let failure: unknown;
  boss.on('error', (error) => (failure ??= error));
  await boss.start();
  await boss.stop({ graceful: false });
  if (failure !== undefined) throw failure;
}

/** Also true if a newer release has migrated them further: both releases run side by side. */
export async function areJobTablesUpToDate(client: pg.Client): Promise<boolean> {
  const { rows: tables } = await client.query('select to_regclass($1) is not null as is_there', [
    `${JOB_SCHEMA}.version`,
  ]);
  if (!tables[0].is_there) return false;
  const { rows } = await client.query(`select version from ${JOB_SCHEMA}.version`);
  return rows[0]?.version >= manifest.pgboss.schema;
}
