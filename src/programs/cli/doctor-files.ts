import { randomUUID } from 'node:crypto';
import type { Config } from '../../core/config/config.js';
import { ObjectStorage } from '../../core/object-storage/object-storage.js';
import { FILES_PER_STORE } from '../../kit/files/files-per-store-sql.js';
import type { DatabaseTarget } from './doctor-check.js';

/** Writes, lists, reads and deletes an object. */
export async function checkObjectStorage({ objectStorage }: Config): Promise<string> {
  if (objectStorage === undefined) return 'none configured';
  const storage = new ObjectStorage(objectStorage);
  try {
    const startedAt = performance.now();
    const key = `doctor/${randomUUID()}`;
    const content = Buffer.from(key);
    await storage.put(key, content);
    try {
      let isListed = false;
      for await (const page of storage.list(key)) isListed ||= page.some((each) => each.key === key);
      if (!isListed) throw new Error(`${storage.location}${key} was written, but the list lacks it`);
      const found = await storage.read(key);
      if (found?.equals(content) !== true) throw new Error(`${storage.location}${key} is not what was written`);
    } finally {
      await storage.delete(key);
    }
    const ms = Math.round(performance.now() - startedAt);
    return `${storage.location} was written, listed, read and deleted in ${ms} ms`;
  } finally {
    await storage.close();
  }
}

/** Finds files in a store that the settings don't name. */
export async function checkFiles({ client, config }: DatabaseTarget): Promise<string> {
  const { rows } = await client.query<{ local: number; s3: number }>(FILES_PER_STORE);
  const { local, s3 } = rows[0]!;
  if (s3 > 0 && config.objectStorage === undefined) {
    throw new Error(`${s3} files are in object storage, which is not configured: set S3_BUCKET`);
  }
  return `new files go to ${config.filesStore}; ${local} in the folder, ${s3} in object storage`;
}
