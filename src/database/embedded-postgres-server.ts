import { execFile, spawn } from 'node:child_process';
import { link, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { platform } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { lastLines, PROGRAM_ENVIRONMENT, type RunAs } from './embedded-postgres-programs.js';

export type PostgresSettings = Readonly<Record<string, string>>;

/** Given at every start, so that a new version's settings reach an old cluster. */
const SETTINGS: PostgresSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  timezone: 'UTC',
  log_timezone: 'UTC',
  cluster_name: 'gatehouse',
  // The server's own life only: a statement's error goes to its client, and its text may hold personal data.
  log_min_messages: 'log',
  log_checkpoints: 'off',
};
const LOG_BYTES_MAX = 10 * 1024 * 1024;

/** What a start fails with when another process was first or took the port meanwhile, which the next attempt gets over. */
const PASSING_FAILURE =
  /lock file "postmaster\.pid" already exists|is still in use|could not bind|Address already in use/;

const LOCK_FILE_WRITE_MS = 2_000;
const STOP_TIMEOUT_MS = 60_000;

/** A server that this process asked to start. */
export interface Launch {
  /** How it ended: `passing` when another attempt is worth it; undefined while it runs. */
  ending(): Promise<'passing' | 'failed' | undefined>;
  logTail(): Promise<string>;
}

/** The server that runs on a cluster; without a port it is still starting. */
export interface Postmaster {
  readonly pid: number | undefined;
  readonly port: number | undefined;
}

/** Starts the server on a free port of the loopback interface; it outlives this process and its terminal. */
export async function launch(
  home: string,
  postgres: string,
  runAs: RunAs,
  settings: PostgresSettings,
): Promise<Launch> {
  const logFile = join(home, 'postgres.log');
  const log = await open(logFile, 'a', 0o600);
  try {
    if ((await log.stat()).size > LOG_BYTES_MAX) await log.truncate();
    const logStart = (await log.stat()).size;
    const all = { ...SETTINGS, ...settings, port: String(await findFreePort()) };
    const options = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const server = spawn(postgres, ['-D', dataOf(home), ...options], {
      ...runAs,
      // A session of its own, so that Ctrl-C in the terminal reaches only us, and our requests can finish first.
      detached: true,
      cwd: '/',
      env: PROGRAM_ENVIRONMENT,
      stdio: ['ignore', log.fd, log.fd],
    });
    let failure: Error | undefined;
    server.once('error', (error) => (failure = error));
    server.unref();
    const logTail = async () =>
      failure?.message ?? lastLines((await readFile(logFile)).subarray(logStart).toString(), 5);
    return {
      logTail,
      ending: async () => {
        if (failure === undefined && server.exitCode === null && server.signalCode === null) return undefined;
        return server.exitCode === 0 || PASSING_FAILURE.test(await logTail()) ? 'passing' : 'failed';
      },
    };
  } finally {
    await log.close();
  }
}

/** The live server of this cluster. A lock file that a crash left behind is put out of the way. */
export async function findPostmaster(home: string): Promise<Postmaster | undefined> {
  const lockFile = join(dataOf(home), 'postmaster.pid');
  const content = await readFile(lockFile, 'utf8').catch(undefinedWhenMissing);
  if (content === undefined) return undefined;
  const lines = content.split('\n');
  const pid = Number(lines[0]) || undefined;
  const port = Number(lines[3]) || undefined;
  if (pid === undefined) {
    // Being written at this moment, unless it has been empty for long: a power cut leaves such files.
    const age = await stat(lockFile).then(({ mtimeMs }) => Date.now() - mtimeMs, undefinedWhenMissing);
    if (age !== undefined && age < LOCK_FILE_WRITE_MS) return { pid, port };
  } else if (await isPostmaster(pid, home)) {
    return { pid, port };
  }
  await putAside(lockFile, content);
  return undefined;
}

/** Ends all sessions and stops the server; resolves when it is gone. */
export async function stopPostmaster(home: string): Promise<void> {
  const pid = (await findPostmaster(home))?.pid;
  if (pid === undefined) return;
  process.kill(pid, 'SIGINT');
  const giveUpAt = Date.now() + STOP_TIMEOUT_MS;
  while (await isPostmaster(pid, home)) {
    if (Date.now() > giveUpAt) throw new Error(`the server (process ${pid}) did not stop within a minute`);
    await pause(10);
  }
}

/** By its command line, because after a crash the pid may have gone to any other process. */
async function isPostmaster(pid: number, home: string): Promise<boolean> {
  const commandLine =
    platform() === 'linux'
      ? readFile(`/proc/${pid}/cmdline`, 'utf8').then((text) => text.replaceAll('\0', ' '))
      : promisify(execFile)('/bin/ps', ['-ww', '-o', 'command=', '-p', String(pid)]).then(({ stdout }) => stdout);
  return (await commandLine.catch(() => '')).includes(` -D ${dataOf(home)} `);
}

/** Removes the lock file we judged and no other: a server may have started since, and would stop without its file. */
async function putAside(lockFile: string, judged: string): Promise<void> {
  const aside = `${lockFile}.${process.pid}`;
  try {
    await rename(lockFile, aside);
    if ((await readFile(aside, 'utf8')) !== judged) await link(aside, lockFile);
  } catch (error) {
    undefinedWhenMissing(error as NodeJS.ErrnoException);
  } finally {
    await rm(aside, { force: true });
  }
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

function dataOf(home: string): string {
  return join(home, 'data');
}

function undefinedWhenMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
