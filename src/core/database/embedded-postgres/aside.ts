import { mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * Fills a draft directory and renames it when it is complete, so that a directory with that name is complete even after
 * a crash. If two processes make the same directory, the first to finish wins and the other's draft is removed.
 */
export async function makeAside(directory: string, fill: (draft: string) => Promise<void>): Promise<void> {
  await removeAbandoned(directory);
  const draft = await mkdtemp(`${directory}-draft-${process.pid}-`);
  try {
    await fill(draft);
    await rename(draft, directory).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** Removes the drafts of processes that died. */
async function removeAbandoned(directory: string): Promise<void> {
  const prefix = `${basename(directory)}-draft-`;
  for (const name of await readdir(dirname(directory))) {
    if (!name.startsWith(prefix) || isAlive(Number.parseInt(name.slice(prefix.length), 10))) continue;
    // A program of the dead process may still write into it. The next call tries again.
    await rm(join(dirname(directory), name), { recursive: true, force: true }).catch(() => undefined);
  }
}

/** Whether a process of that id exists, of any user. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
