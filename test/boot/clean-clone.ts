import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { REPOSITORY } from './program.js';

const OUTPUT_BYTES_MAX = 16 * 1024 * 1024;

/** Copies what a clone of this state would have, without node_modules and builds. Returns the new folder. */
export async function cleanClone(): Promise<string> {
  const clone = await realpath(await mkdtemp(join(tmpdir(), 'gatehouse-clone-')));
  // The Postgres user of root needs access.
  await chmod(clone, 0o755);
  const listed = await promisify(execFile)('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: REPOSITORY,
    maxBuffer: OUTPUT_BYTES_MAX,
  });
  for (const path of listed.stdout.split('\0').filter(Boolean)) {
    await mkdir(join(clone, dirname(path)), { recursive: true });
    await cp(join(REPOSITORY, path), join(clone, path));
  }
  return clone;
}
