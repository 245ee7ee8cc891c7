import { spawn } from 'node:child_process';
import { open, readFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { lastLines, PROGRAM_ENVIRONMENT, type RunAs } from './programs.js';

export type PostgresSettings = Readonly<Record<string, string>>;

/** Passed at every start, so that a new version's settings apply to an old cluster. */
const SETTINGS: PostgresSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '400',
  timezone: 'UTC',
  log_timezone: 'UTC',
  cluster_name: 'gatehouse',
  // Only starts, stops and crashes: a statement's error goes to its client, and its text may hold personal data.
  log_min_messages: 'log',
  log_checkpoints: 'off',
};
const LOG_BYTES_MAX = 10 * 1024 * 1024;

/** Output of a start that failed because another process was first or took the port. A retry helps. */
const PASSING_FAILURE =
  /lock file "postmaster\.pid" already exists|is still in use|could not bind|Address already in use/;

/** A server that this process asked to start. */
export interface Launch {
  /** How it ended; `passing` if a retry can succeed; undefined while it runs. */
  ending(): Promise<'passing' | 'failed' | undefined>;
  logTail(): Promise<string>;
}

/** Starts the server on a free port of the loopback interface. It outlives this process and its terminal. */
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
    const server = spawn(postgres, ['-D', join(home, 'data'), ...options], {
      ...runAs,
      // A session of its own, so that Ctrl-C in the terminal reaches only this process, which finishes its requests first.
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
