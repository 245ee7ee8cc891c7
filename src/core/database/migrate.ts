import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { MIGRATIONS } from '../../../migrations/index.js';
import { ConfigError } from '../config/setting-reader.js';
import { isLockTimeout, isPermissionDenied } from '../errors/postgres-error.js';
import { connectionSettings } from './connection-settings.js';
import { createDataSource, type EntityClass } from './data-source.js';
import { areJobTablesUpToDate, migrateJobTables } from './job-tables.js';
import { bindRowsToOrgs } from './org-policies.js';
import { grantToServer, roleIn } from './server-role.js';

/** Any number that no other advisory lock uses. Processes that start at once queue for it. */
const MIGRATION_LOCK = 7_203_118_054;

/**
 * While a migration waits for the lock of a table, requests to the table wait behind it. Shorter than the timeout of
 * Postgres for deadlocks, so that the migration gives way and not a request.
 */
const LOCK_TIMEOUT_MS = 500;
/** Requests that waited have their turn. */
const LOCK_PAUSE_MS = 1_000;
const LOCK_ATTEMPTS = 120;
const LOCKED =
  'A migration gave up waiting for a table that another transaction locks: end that transaction (pg_stat_activity), then run "gatehouse migrate" again';

/** URLs past any transaction pooler. */
export interface MigrationUrls {
  /** Of the server's role. */
  readonly directUrl: string;
  /** Of the role that owns the tables; undefined: the server's role migrates, if it owns them. */
  readonly ownerUrl: string | undefined;
}

/**
 * Runs pending migrations as the owner and grants the server's role its privileges. Without the owner's URL, it does
 * nothing to a database that is up to date.
 * @returns the names of the migrations that ran
 * @throws ConfigError if the owner's URL is needed and missing
 */
export async function migrateAsOwner({ directUrl, ownerUrl }: MigrationUrls): Promise<string[]> {
  if (ownerUrl !== undefined) return runMigrations(ownerUrl, directUrl);
  const pending = await pendingMigrations(directUrl);
  if (pending.length === 0) return [];
  await assertMayMigrate(directUrl, pending);
  return runMigrations(directUrl);
}

/**
 * Runs pending migrations. Safe from any number of processes at once, and while other processes serve: waits for locks
 * of tables in short turns. The statement timeout doesn't apply.
 * @param url of the owner
 * @param serverUrl of the role that gets the server's privileges, if it isn't the owner
 * @returns the names of the migrations that ran
 */
export async function runMigrations(url: string, serverUrl?: string): Promise<string[]> {
  const lock = new pg.Client({ connectionString: url, application_name: 'gatehouse migrations' });
  // Without a listener, a lost connection would end the process. The next query fails instead.
  lock.on('error', () => undefined);
  await lock.connect();
  const dataSource = new DataSource({
    type: 'postgres',
    url,
    migrations: MIGRATIONS,
    migrationsTableName: 'migrations',
    installExtensions: false,
    poolSize: 1,
    // The default one writes each failed attempt to stdout, which is for the answers of commands.
    logger: 'debug',
    extra: { lock_timeout: LOCK_TIMEOUT_MS },
  });
  try {
    await lock.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await lock.query(`set lock_timeout = ${LOCK_TIMEOUT_MS}`);
    const pending = await unappliedMigrations(lock);
    await dataSource.initialize();
    await inTurns(() => dataSource.runMigrations({ transaction: 'each' }));
    await migrateJobTables(lock);
    await inTurns(() => bindRowsToOrgs(lock));
    if (serverUrl !== undefined) await inTurns(() => grantToServer(lock, serverUrl));
    return pending;
  } finally {
    if (dataSource.isInitialized) await dataSource.destroy();
    await lock.end();
  }
}

/** @param work continues where an earlier attempt has stopped */
async function inTurns(work: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await work();
      return;
    } catch (error) {
      if (!isLockTimeout(error)) throw error;
      if (attempt === LOCK_ATTEMPTS) throw new Error(LOCKED, { cause: error });
      await sleep(LOCK_PAUSE_MS);
    }
  }
}

/** The names of the pending migrations, in order. */
export async function pendingMigrations(url: string): Promise<string[]> {
  return lookAt(url, async (client) => {
    const pending = await unappliedMigrations(client);
    return (await areJobTablesUpToDate(client)) ? pending : [...pending, 'the tables of pg-boss'];
  });
}

async function unappliedMigrations(client: pg.Client): Promise<string[]> {
  const { rows: tables } = await client.query("select to_regclass('migrations') is not null as is_there");
  const { rows } = tables[0].is_there ? await client.query('select name from migrations') : { rows: [] };
  const done = new Set(rows.map((row) => row.name));
  return MIGRATIONS.map((Migration) => new Migration().name!).filter((name) => !done.has(name));
}

const MAY_MIGRATE = `
  select current_user as role, has_schema_privilege(current_schema(), 'CREATE') and not exists (
    select from pg_class where oid = to_regclass('migrations') and not pg_has_role(relowner, 'USAGE')
  ) as may_migrate`;

async function assertMayMigrate(url: string, pending: readonly string[]): Promise<void> {
  const { rows } = await lookAt(url, (client) => client.query(MAY_MIGRATE));
  const { role, may_migrate } = rows[0];
  if (may_migrate) return;
  throw new ConfigError([
    `DATABASE_OWNER_URL is required: the database lacks migrations (${pending.join(', ')}), and the role ${role} of DATABASE_URL may not run them`,
  ]);
}

/** @throws ConfigError if the role lacks the server's privileges */
async function lookAt<T>(url: string, look: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(connectionSettings(url));
  // Without a listener, a lost connection would end the process. The next query fails instead.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await look(client);
  } catch (error) {
    if (!isPermissionDenied(error)) throw error;
    const missing = `the role ${roleIn(url)} of DATABASE_URL lacks privileges (${(error as Error).message})`;
    throw new ConfigError([`DATABASE_OWNER_URL is required, to grant them: ${missing}`]);
  } finally {
    await client.end();
  }
}

/** @throws Error with the command to run, if migrations are pending */
export async function assertMigrated(url: string): Promise<void> {
  const pending = await pendingMigrations(url);
  if (pending.length === 0) return;
  throw new Error(`The database lacks migrations (${pending.join(', ')}): run "gatehouse migrate" first.`);
}

/** The statements that would turn a migrated database into what the entities define; empty if they agree. */
export async function schemaDrift(url: string, entities: readonly EntityClass[]): Promise<string[]> {
  // TypeORM reads the columns of all tables at once, on one connection.
  const dataSource = createDataSource({ url, poolSize: 2, entities, isPipelining: true });
  await dataSource.initialize();
  try {
    return (await dataSource.driver.createSchemaBuilder().log()).upQueries.map(({ query }) => query);
  } finally {
    await dataSource.destroy();
  }
}
