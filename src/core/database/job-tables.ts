import type pg from 'pg';
import manifest from 'pg-boss/package.json' with { type: 'json' };

/** The job queue's own tables, which its library makes and migrates. */
export const JOB_SCHEMA = 'pgboss';

/** Brings the job queue's tables up to date. @param client holds the migration lock */
export async function migrateJobTables(client: pg.Client): Promise<void> {
  if (await areJobTablesUpToDate(client)) return;
  // Takes as long to load as much of the server, and a database that is up to date doesn't need it.
  const { PgBoss } = await import('pg-boss');
  // Who may make no schema can still be given one; "IF NOT EXISTS" would ask for the right all the same.
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

/** Also true when a newer release has migrated them further: it still runs beside this one. */
export async function areJobTablesUpToDate(client: pg.Client): Promise<boolean> {
  const { rows: tables } = await client.query('select to_regclass($1) is not null as is_there', [
    `${JOB_SCHEMA}.version`,
  ]);
  if (!tables[0].is_there) return false;
  const { rows } = await client.query(`select version from ${JOB_SCHEMA}.version`);
  return rows[0]?.version >= manifest.pgboss.schema;
}
