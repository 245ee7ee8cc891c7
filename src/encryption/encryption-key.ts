import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config/config.js';

/**
 * The key that secrets rest under: the configured one, or one made at first start and kept beside the embedded
 * database (0600), so that trying the product needs no setup.
 */
export async function encryptionKeyOf({ encryptionKey, dataDir }: Config): Promise<Buffer> {
  if (encryptionKey) return encryptionKey;
  const path = join(dataDir, 'encryption.key');
  await mkdir(dataDir, { recursive: true });
  try {
    // 'wx' fails when another process was first; then its key is ours.
    await writeFile(path, randomBytes(32).toString('base64'), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return Buffer.from(await readFile(path, 'utf8'), 'base64');
}
