import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Every file that is on the disk under a folder, by its path in it. */
export async function filesIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
}
