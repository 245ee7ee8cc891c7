import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { env } from 'node:process';
import pg from 'pg';
import { openEmbeddedPostgres, runMigrations } from './dist.ts';

const DATA_DIR = fileURLToPath(new URL('../.data/bench', import.meta.url));
const PREFIX = 'gatehouse_bench_';
/** The role of Gatehouse. The admin role owns the databases and runs the compared servers. */
const SERVER_ROLE = { username: 'gatehouse_bench_server', password: randomBytes(24).toString('hex') };
/** An arbitrary number for the advisory lock of the bench. */
const ONE_BENCH = 7_203_118_099;

export interface ScratchDatabase extends AsyncDisposable {
  readonly name: string;
  readonly url: string;
  query(sql: string, values?: readonly unknown[]): Promise<void>;
}

/** The database URL of Gatehouse. BENCH_ONE_ROLE=1 uses the admin role, without row-level security. */
export function asServer(url: string): string {
  return env['BENCH_ONE_ROLE'] === '1' ? url : Object.assign(new URL(url), SERVER_ROLE).href;
}

/** Databases of one run, on the server of DATABASE_URL or the embedded one. They are dropped at the end. */
export class Scratch implements AsyncDisposable {
  readonly #session: pg.Client;
  readonly #adminUrl: string;
  readonly #closeCluster: () => Promise<void>;
  #migrated: Promise<ScratchDatabase> | undefined;

  private constructor(session: pg.Client, adminUrl: string, closeCluster: () => Promise<void>) {
    this.#session = session;
    this.#adminUrl = adminUrl;
    this.#closeCluster = closeCluster;
  }

  static async open(): Promise<Scratch> {
    const cluster = env['DATABASE_URL'] ? undefined : await openEmbeddedPostgres({ dataDir: DATA_DIR });
    const adminUrl = env['DATABASE_URL'] ?? cluster!.url;
    const session = new pg.Client({ connectionString: adminUrl, application_name: 'gatehouse bench' });
    // Without a listener, a lost connection would end the process. The next query reports it.
    session.on('error', () => undefined);
    await session.connect();
    const scratch = new Scratch(session, adminUrl, async () => cluster?.close());
    const { rows } = await session.query('select pg_try_advisory_lock($1) as is_first', [ONE_BENCH]);
    if (!rows[0].is_first) throw new Error('Another bench runs on this database server: both would measure the other.');
    await scratch.#dropAll();
    // An earlier run may have set another password.
    await session.query(`drop role if exists ${SERVER_ROLE.username}`);
    return scratch;
  }

  async version(): Promise<string> {
    return (await this.setting('server_version')).split(' ', 1)[0]!;
  }

  async setting(name: string): Promise<string> {
    const { rows } = await this.#session.query('select current_setting($1) as value', [name]);
    return rows[0].value as string;
  }

  /** A migrated database, empty or a copy of a database without connections. */
  async create(template?: ScratchDatabase): Promise<ScratchDatabase> {
    return this.#copy((template ?? (await (this.#migrated ??= this.#migrate()))).name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#dropAll();
    await this.#session.end();
    await this.#closeCluster();
  }

  async #migrate(): Promise<ScratchDatabase> {
    const database = await this.#copy('template1');
    await runMigrations(database.url, asServer(database.url));
    return database;
  }

  async #copy(template: string): Promise<ScratchDatabase> {
    const name = PREFIX + randomBytes(5).toString('hex');
    await this.#session.query(`create database ${name} template ${template}`);
    const url = new URL(this.#adminUrl);
    url.pathname = `/${name}`;
    return {
      name,
      url: url.href,
      query: (sql, values) => runAlone(url.href, sql, values),
      [Symbol.asyncDispose]: async () => {
        await this.#session.query(`drop database if exists ${name} with (force)`);
      },
    };
  }

  async #dropAll(): Promise<void> {
    const { rows } = await this.#session.query('select datname from pg_database where starts_with(datname, $1)', [
      PREFIX,
    ]);
    for (const { datname } of rows) await this.#session.query(`drop database if exists ${datname} with (force)`);
  }
}

/** Uses a separate connection, because a database with connections can't be copied. */
async function runAlone(url: string, sql: string, values?: readonly unknown[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql, values && [...values]);
  } finally {
    await client.end();
  }
}
