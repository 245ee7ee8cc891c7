import { randomBytes } from 'node:crypto';
import pg from 'pg';

declare module 'vitest' {
  interface ProvidedContext {
    /** The database that creates and drops others. */
    databaseAdminUrl: string;
    /** The migrated database that every test database is a copy of. */
    databaseTemplate: string;
    /** The role of the servers in tests. */
    databaseServerRole: ServerRole;
  }
}

const PREFIX = 'gatehouse_test_';
/** Locked together with the number of a run while the run lives, so that other runs do not drop its databases. */
const RUN_LOCK = 0x67746573;
const COPY_LOCK = [RUN_LOCK + 1, 0];

export interface ServerRole {
  readonly name: string;
  readonly password: string;
}

/** One test run on a database server that other runs may share. */
export class TestRun {
  readonly template: string;
  readonly serverRole: ServerRole;

  private constructor(
    private readonly adminUrl: string,
    private readonly session: pg.Client,
    private readonly prefix: string,
  ) {
    this.template = `${prefix}template`;
    this.serverRole = { name: `${prefix}server`, password: randomBytes(24).toString('hex') };
  }

  /** Drops the databases of crashed runs first. */
  static async begin(adminUrl: string): Promise<TestRun> {
    const session = await connect(adminUrl);
    const run = randomBytes(4);
    await session.query('select pg_advisory_lock($1, $2)', [RUN_LOCK, run.readInt32BE()]);
    const testRun = new TestRun(adminUrl, session, `${PREFIX}${run.toString('hex')}_`);
    for (const name of await listDatabases(session, PREFIX)) {
      if (!(await isOfLiveRun(session, name))) await dropDatabase(session, name);
    }
    for (const name of await listRoles(session, PREFIX)) {
      if (!(await isOfLiveRun(session, name))) await session.query(`drop role if exists ${pg.escapeIdentifier(name)}`);
    }
    const { name, password } = testRun.serverRole;
    await session.query(`create role ${name} login password '${password}'`);
    return testRun;
  }

  /** Creates the template. `migrate` gets the URLs of the owner and of servers. */
  async makeTemplate(migrate: (url: string, serverUrl: string) => Promise<unknown>): Promise<void> {
    await this.session.query(`create database ${this.template}`);
    const url = urlOf(this.adminUrl, this.template);
    await migrate(url, asServer(url, this.serverRole));
    // A database with connections cannot be copied.
    await this.session.query(`alter database ${this.template} allow_connections false`);
  }

  /** Drops all databases of this run, including those that failed tests have left, then its roles. */
  async end(): Promise<void> {
    for (const name of await listDatabases(this.session, this.prefix)) await dropDatabase(this.session, name);
    for (const name of await listRoles(this.session, this.prefix))
      await this.session.query(`drop role ${pg.escapeIdentifier(name)}`);
    await this.session.end();
  }
}

/**
 * Copies the template of the run into a database with a new name.
 * @param original another database to copy, such as the empty template of Postgres
 */
export async function copyTemplate(
  adminUrl: string,
  template: string,
  original = template,
): Promise<{ name: string; url: string }> {
  const name = template.replace(/template$/, randomBytes(6).toString('hex'));
  const session = await connect(adminUrl);
  try {
    // One copy at a time, because concurrent copies block each other with an error.
    await session.query('select pg_advisory_lock($1, $2)', COPY_LOCK);
    await session.query(`create database ${name} template ${original}`);
  } finally {
    await session.end();
  }
  return { name, url: urlOf(adminUrl, name) };
}

export async function dropTestDatabase(adminUrl: string, name: string): Promise<void> {
  const session = await connect(adminUrl);
  try {
    await dropDatabase(session, name);
  } finally {
    await session.end();
  }
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: 'gatehouse tests' });
  // Without a listener, a lost connection would end the run. The next query reports it.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** Uses force, because a failed test may have left connections. */
async function dropDatabase(session: pg.Client, name: string): Promise<void> {
  await session.query(`drop database if exists ${name} with (force)`);
}

/** Only databases of the current role. Other roles on this server drop their own. */
async function listDatabases(session: pg.Client, prefix: string): Promise<string[]> {
  const sql = `select datname as name from pg_database
    where starts_with(datname, $1) and pg_get_userbyid(datdba) = current_user`;
  return (await session.query<{ name: string }>(sql, [prefix])).rows.map(({ name }) => name);
}

async function listRoles(session: pg.Client, prefix: string): Promise<string[]> {
  const sql = 'select rolname as name from pg_roles where starts_with(rolname, $1)';
  return (await session.query<{ name: string }>(sql, [prefix])).rows.map(({ name }) => name);
}

/** Reads pg_locks, which shows the locks of all databases, because the run may be connected to another one. */
async function isOfLiveRun(session: pg.Client, name: string): Promise<boolean> {
  const run = /^[0-9a-f]{8}(?=_)/.exec(name.slice(PREFIX.length))?.[0];
  // Keep databases whose names only share the prefix.
  if (run === undefined) return true;
  const held = await session.query(
    `select from pg_locks where locktype = 'advisory' and classid::bigint = $1 and objid::bigint = $2`,
    [RUN_LOCK, Number.parseInt(run, 16)],
  );
  return held.rowCount !== 0;
}

/** The URL of the same database for a server. */
export function asServer(url: string, { name, password }: ServerRole): string {
  const serverUrl = new URL(url);
  serverUrl.username = name;
  serverUrl.password = password;
  return serverUrl.href;
}

function urlOf(adminUrl: string, database: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  return url.href;
}
