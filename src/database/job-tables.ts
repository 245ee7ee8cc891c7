import type pg from 'pg';
import { PgBoss } from 'pg-boss';

/** The job queue's own tables, which its library makes and migrates. */
export const JOB_SCHEMA = 'pgboss';

/** Brings the job queue's tables up to date. @param client holds the migration lock */
export async function migrateJobTables(client: pg.Client): Promise<void> {
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
