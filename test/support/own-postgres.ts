import { execFile } from 'node:child_process';
import { appendFile, chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import {
  DATABASE,
  OWNER,
  passwordOf,
  SERVER,
  SUPERUSER,
} from '../../src/core/database/embedded-postgres/cluster-roles.js';
import { makeCluster, readPassword } from '../../src/core/database/embedded-postgres/cluster.js';
import { newOwner } from '../../src/core/database/embedded-postgres/home.js';
import { findPrograms, PROGRAM_ENVIRONMENT, type RunAs } from '../../src/core/database/embedded-postgres/programs.js';
import { runMigrations } from '../../src/core/database/migrate.js';
import { Child } from './child-process.js';
import { freePort } from './free-port.js';
import { until } from './until.js';

/** Commits survive a crash of the server, but not of the machine. */
const SETTINGS = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off', 'max_connections=400'];

/** Fast ends sessions and shuts down cleanly. Immediate is a crash, with recovery at the next start. */
export type StopMode = 'fast' | 'immediate';

/** A separate Postgres cluster, which a test can stop, start and pause. */
export class OwnPostgres {
  private server: Child | undefined;

  private constructor(
    private readonly folder: string,
    private readonly program: string,
    private readonly runAs: RunAs,
    private readonly port: number,
    /** Connects as the superuser, for SQL of tests. */
    readonly url: string,
    /** Connects as the role of servers. */
    readonly serverUrl: string,
    private readonly environment: Readonly<Record<string, string>>,
  ) {}

  /**
   * Running and migrated when this resolves.
   * @param environment beside the fixed one
   */
  static async start(environment: Readonly<Record<string, string>> = {}): Promise<OwnPostgres> {
    const folder = await mkdtemp(join(tmpdir(), 'gatehouse-faults-'));
    // The Postgres user of root needs access.
    await chmod(folder, 0o711);
    return OwnPostgres.startIn(folder, environment);
  }

  /** @param folder the data folder, which `remove` deletes */
  static async startIn(folder: string, environment: Readonly<Record<string, string>> = {}): Promise<OwnPostgres> {
    const runAs = await newOwner();
    const programs = await findPrograms(runAs, async () => folder);
    const home = join(folder, 'postgres');
    await makeCluster(home, programs, runAs);
    const port = await freePort();
    const password = await readPassword(home);
    const urlOf = (role: string) => `postgres://${role}:${passwordOf(role, password)}@127.0.0.1:${port}/${DATABASE}`;
    const urls = [urlOf(SUPERUSER), urlOf(SERVER)] as const;
    const postgres = new OwnPostgres(folder, programs.postgres, runAs, port, ...urls, environment);
    await postgres.startAgain();
    await runMigrations(urlOf(OWNER), urlOf(SERVER));
    return postgres;
  }

  /**
   * A streaming standby of this server, which it restarts for the copy.
   * @param name its name for `synchronous_standby_names`
   * @param replicationUrl where it finds this server, such as a proxy in front
   */
  async addStandby(name: string, replicationUrl = this.url): Promise<OwnPostgres> {
    const folder = await mkdtemp(join(tmpdir(), 'gatehouse-faults-'));
    await chmod(folder, 0o711);
    await this.stop();
    // Preserves the owner, which is the Postgres user.
    await promisify(execFile)('cp', ['--archive', join(this.folder, 'postgres'), folder]);
    await this.startAgain();
    const { hostname, port, username, password } = new URL(replicationUrl);
    const primary = `host=${hostname} port=${port} user=${username} password=${password} application_name=${name}`;
    const data = join(folder, 'postgres', 'data');
    await appendFile(join(data, 'postgresql.auto.conf'), `primary_conninfo = '${primary}'\n`);
    await writeFile(join(data, 'standby.signal'), '', { mode: 0o644 });
    const ownPort = await freePort();
    const movedTo = (url: string) => url.replace(`:${this.port}/`, `:${ownPort}/`);
    const urls = [movedTo(this.url), movedTo(this.serverUrl)] as const;
    const standby = new OwnPostgres(folder, this.program, this.runAs, ownPort, ...urls, this.environment);
    await standby.startAgain();
    return standby;
  }

  get isRunning(): boolean {
    return this.server?.isRunning ?? false;
  }

  /** Resolves once it accepts sessions, on the same port. */
  async startAgain(): Promise<void> {
    const settings = [...SETTINGS, `port=${this.port}`].flatMap((setting) => ['-c', setting]);
    const args = ['-D', join(this.folder, 'postgres', 'data'), ...settings];
    const env = { ...PROGRAM_ENVIRONMENT, ...this.environment };
    const server = new Child(this.program, args, { cwd: '/', env, ...this.runAs });
    this.server = server;
    await until('Postgres accepts sessions', async () => {
      if (!server.isRunning) throw new Error(`Postgres ended: ${server.output}`);
      return this.query('select').then(
        () => true,
        () => false,
      );
    });
  }

  async stop(mode: StopMode = 'fast'): Promise<void> {
    await this.server?.end(mode === 'fast' ? 'SIGINT' : 'SIGQUIT');
  }

  /** Pauses the server: sessions stay open without answers. */
  async pause(): Promise<void> {
    const { pid } = this.server!;
    // The postmaster first, because it starts other processes.
    process.kill(pid, 'SIGSTOP');
    for (const child of await childrenOf(pid)) process.kill(child, 'SIGSTOP');
  }

  async resume(): Promise<void> {
    const { pid } = this.server!;
    for (const child of await childrenOf(pid)) process.kill(child, 'SIGCONT');
    process.kill(pid, 'SIGCONT');
  }

  /** Uses a new session, because the test may be about connecting. */
  async query<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    const client = new pg.Client({ connectionString: this.url, connectionTimeoutMillis: 10_000 });
    // Without a listener, a lost connection would end the run. The query reports it.
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query<Row>(text, values)).rows;
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  async remove(): Promise<void> {
    await this.stop('immediate');
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** The fourth field of /proc's stat is the parent, after a name that may hold anything but ends with the last ")". */
async function childrenOf(pid: number): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const stats = await Promise.all(pids.map((one) => readFile(`/proc/${one}/stat`, 'utf8').catch(() => '')));
  return pids.filter((_, at) => stats[at]!.split(') ').at(-1)!.split(' ')[1] === String(pid)).map(Number);
}
