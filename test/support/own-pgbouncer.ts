import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { newOwner } from '../../src/core/database/embedded-postgres/home.js';
import type { RunAs } from '../../src/core/database/embedded-postgres/programs.js';
import { Child } from './child-process.js';
import { freePort } from './free-port.js';
import { findProgram } from './system-programs.js';
import { until } from './until.js';

/** Of the system: 1.18 on Debian 12. */
export const SYSTEM_PGBOUNCER = findProgram('pgbouncer') ?? 'pgbouncer';
export const PGBOUNCER_1_24 = '/opt/pgbouncer-1.24/pgbouncer';

export type PgBouncerSettings = Readonly<Record<string, string | number>>;

/** A PgBouncer that a test can stop, start and pause. In transaction mode, unless the settings say otherwise. */
export class OwnPgBouncer {
  private constructor(
    private readonly program: string,
    private readonly folder: string,
    private readonly runAs: RunAs,
    private child: Child,
    /** Connects as the user of the target, through the pooler. */
    readonly url: string,
  ) {}

  /** @param targetUrl of the database, with user and password */
  static async start(program: string, targetUrl: string, settings: PgBouncerSettings = {}): Promise<OwnPgBouncer> {
    const [port, folder, runAs] = [
      await freePort(),
      await mkdtemp(join(tmpdir(), 'gatehouse-pgbouncer-')),
      await newOwner(),
    ];
    const { hostname, port: targetPort, username, password, pathname } = new URL(targetUrl);
    const name = pathname.slice(1);
    const lines = Object.entries({
      listen_addr: '127.0.0.1',
      listen_port: port,
      unix_socket_dir: '',
      // Every user is the one of the database's line.
      auth_type: 'any',
      pool_mode: 'transaction',
      default_pool_size: 4,
      max_client_conn: 500,
      ignore_startup_parameters: 'statement_timeout',
      ...settings,
    }).map(([setting, value]) => `${setting} = ${value}`);
    const target = `host=${hostname} port=${targetPort} dbname=${name} user=${username} password=${password}`;
    await chmod(folder, 0o711);
    await writeFile(
      join(folder, 'pgbouncer.ini'),
      `[databases]\n${name} = ${target}\n[pgbouncer]\n${lines.join('\n')}\n`,
      { mode: 0o644 },
    );
    const url = `postgres://${username}@127.0.0.1:${port}/${name}`;
    return new OwnPgBouncer(program, folder, runAs, await launch(program, folder, runAs, url), url);
  }

  /** Such as 1.18. */
  static async versionOf(program: string): Promise<number> {
    const { stdout } = await promisify(execFile)(program, ['--version']);
    return Number(/PgBouncer (\d+\.\d+)/.exec(stdout)![1]);
  }

  /** Cuts all connections. */
  async stop(): Promise<void> {
    await this.child.end('SIGKILL');
  }

  /** On the same port. */
  async startAgain(): Promise<void> {
    this.child = await launch(this.program, this.folder, this.runAs, this.url);
  }

  async remove(): Promise<void> {
    await this.stop();
    await rm(this.folder, { recursive: true });
  }
}

async function launch(program: string, folder: string, runAs: RunAs, url: string): Promise<Child> {
  const child = new Child(program, [join(folder, 'pgbouncer.ini')], { cwd: '/', ...runAs });
  await until('PgBouncer accepts sessions', async () => {
    if (!child.isRunning) throw new Error(`PgBouncer ended: ${child.output}`);
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
    client.on('error', () => undefined);
    return client.connect().then(
      () => client.end().then(() => true),
      () => false,
    );
  });
  return child;
}
