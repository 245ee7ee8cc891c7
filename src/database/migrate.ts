import pg from 'pg';
import { DataSource } from 'typeorm';
import { MIGRATIONS } from '../../migrations/index.js';
import { connectionSettings, createDataSource, type EntityClass } from './data-source.js';
import { migrateJobTables } from './job-tables.js';

/** Any number, as long as it is only ours: processes that start together queue up behind it. */
const MIGRATION_LOCK = 7_203_118_054;

/**
 * Brings the database up to date and returns the names of what ran; safe from any number of processes at once.
 * Not bounded by the statement timeout: a migration may take its time.
 */
export async function runMigrations(url: string): Promise<string[]> {
  const lock = new pg.Client({ connectionString: url, application_name: 'gatehouse migrations' });
  // Without a listener, a server that goes away while we hold the lock would end the process; the next query says so.
  lock.on('error', () => undefined);
  await lock.connect();
  const dataSource = new DataSource({
    type: 'postgres',
    url,
    migrations: MIGRATIONS,
    migrationsTableName: 'migrations',
    installExtensions: false,
    poolSize: 1,
  });
  try {
    await lock.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await dataSource.initialize();
    const done = (await dataSource.runMigrations({ transaction: 'each' })).map((migration) => migration.name);
    await migrateJobTables(lock);
    return done;
  } finally {
    if (dataSource.isInitialized) await dataSource.destroy();
    await lock.end();
  }
}

/** The names of the migrations that this database lacks, in order; changes nothing. */
export async function pendingMigrations(url: string): Promise<string[]> {
  const client = new pg.Client(connectionSettings(url));
  // Without a listener, a server that goes away between two queries would end the process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows: tables } = await client.query("select to_regclass('migrations') is not null as is_there");
    const { rows } = tables[0].is_there ? await client.query('select name from migrations') : { rows: [] };
    const done = new Set(rows.map((row) => row.name));
    return MIGRATIONS.map((Migration) => new Migration().name!).filter((name) => !done.has(name));
  } finally {
    await client.end();
  }
}

/** @throws Error saying what to run, when the database lacks migrations */
export async function assertMigrated(url: string): Promise<void> {
  const pending = await pendingMigrations(url);
  if (pending.length === 0) return;
  throw new Error(`The database lacks migrations (${pending.join(', ')}): run "npm run migrate" first.`);
}

/** The statements that would make a migrated database what the entities say; empty when the two agree. */
export async function schemaDrift(url: string, entities: readonly EntityClass[]): Promise<string[]> {
  const dataSource = createDataSource({ url, poolSize: 2, entities });
  await dataSource.initialize();
  try {
    return (await dataSource.driver.createSchemaBuilder().log()).upQueries.map(({ query }) => query);
  } finally {
    await dataSource.destroy();
  }
}
