import { mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * Makes a directory aside and gives it its name when it is complete, so that what has the name can be trusted after a
 * crash too. Of two processes that make the same one, the first to finish wins and the other's is dropped.
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

/** Removes what processes that died half-way left behind. */
async function removeAbandoned(directory: string): Promise<void> {
  const prefix = `${basename(directory)}-draft-`;
  for (const name of await readdir(dirname(directory))) {
    if (!name.startsWith(prefix) || isAlive(Number.parseInt(name.slice(prefix.length), 10))) continue;
    // Failing is fine: a program of the dead process may still write into it, and the next one tries again.
    await rm(join(dirname(directory), name), { recursive: true, force: true }).catch(() => undefined);
  }
}

/** Whether a process of that id exists, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
