import { execFile } from 'node:child_process';
import { link, readFile, rename, rm, stat } from 'node:fs/promises';
import { platform } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

const LOCK_FILE_WRITE_MS = 2_000;
const STOP_TIMEOUT_MS = 60_000;

/** The server that runs on a cluster. Without a port it is still starting. */
export interface Postmaster {
  readonly pid: number | undefined;
  readonly port: number | undefined;
}

/** The live server of this cluster. A lock file left by a crash is removed. */
export async function findPostmaster(home: string): Promise<Postmaster | undefined> {
  const lockFile = join(dataOf(home), 'postmaster.pid');
  const content = await readFile(lockFile, 'utf8').catch(undefinedWhenMissing);
  if (content === undefined) return undefined;
  const lines = content.split('\n');
  const pid = Number(lines[0]) || undefined;
  const port = Number(lines[3]) || undefined;
  if (pid === undefined) {
    // The server is writing it, unless it has been empty for long: a power cut leaves such files.
    const age = await stat(lockFile).then(({ mtimeMs }) => Date.now() - mtimeMs, undefinedWhenMissing);
    if (age !== undefined && age < LOCK_FILE_WRITE_MS) return { pid, port };
  } else if (await isPostmaster(pid, home)) {
    return { pid, port };
  }
  await putAside(lockFile, content);
  return undefined;
}

/** Ends all sessions and stops the server. Resolves when the server is gone. */
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

/** Compares the command line, because after a crash another process may have the pid. */
async function isPostmaster(pid: number, home: string): Promise<boolean> {
  const commandLine =
    platform() === 'linux'
      ? readFile(`/proc/${pid}/cmdline`, 'utf8').then((text) => text.replaceAll('\0', ' '))
      : promisify(execFile)('/bin/ps', ['-ww', '-o', 'command=', '-p', String(pid)]).then(({ stdout }) => stdout);
  return (await commandLine.catch(() => '')).includes(` -D ${dataOf(home)} `);
}

/** Removes the lock file that was read, and no newer one: a server that started since would stop without its file. */
async function putAside(lockFile: string, content: string): Promise<void> {
  const aside = `${lockFile}.${process.pid}`;
  try {
    await rename(lockFile, aside);
    if ((await readFile(aside, 'utf8')) !== content) await link(aside, lockFile);
  } catch (error) {
    undefinedWhenMissing(error as NodeJS.ErrnoException);
  } finally {
    await rm(aside, { force: true });
  }
}

function dataOf(home: string): string {
  return join(home, 'data');
}

function undefinedWhenMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
