import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { reportingDiskErrors } from './disk-errors.js';
import type { Content } from './file-store.js';

const ENDING = '.part';

/**
 * Files that are not complete, in `FILES_DIR`: each upload is written there first, so that its type, length and checksum
 * are known before a store gets it.
 */
export class ArrivingFiles {
  constructor(private readonly directory: string) {}

  /** Writes a file, flushed to the disk. @returns what arrived */
  async write(part: string, content: Readable): Promise<Content> {
    const path = this.path(part);
    return reportingDiskErrors(async () => {
      await mkdir(dirname(path), { recursive: true });
      const hash = createHash('sha256');
      const hashing = new Transform({
        transform(chunk: Buffer, _encoding, done) {
          hash.update(chunk);
          done(null, chunk);
        },
      });
      // Flush before the store gets it, so that a complete file never has partial content.
      const file = createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true });
      await pipeline(content, hashing, file);
      return { bytes: file.bytesWritten, sha256: hash.digest('hex') };
    });
  }

  async remove(part: string): Promise<void> {
    await reportingDiskErrors(() => rm(this.path(part), { force: true }));
  }

  /** Deletes what a crash has left here, on a disk that other processes may not see. */
  async removeAll(isAbandoned: (part: string, ageMs: number) => boolean): Promise<void> {
    const folders = await readdir(this.directory).catch(() => []);
    for (const folder of folders.filter((name) => /^[0-9a-f]{2}$/.test(name))) {
      const names = await readdir(join(this.directory, folder));
      for (const part of names.filter((name) => name.endsWith(ENDING)).map((name) => name.slice(0, -ENDING.length))) {
        const arrived = await stat(this.path(part)).catch(() => undefined);
        if (arrived && isAbandoned(part, Date.now() - arrived.mtimeMs)) await this.remove(part);
      }
    }
  }

  path(part: string): string {
    return `${pathIn(this.directory, part)}${ENDING}`;
  }
}

/** Distributes files over folders by the random end of the id, with which the name starts. */
export function pathIn(directory: string, name: string): string {
  return join(directory, name.slice(34, 36), name);
}
