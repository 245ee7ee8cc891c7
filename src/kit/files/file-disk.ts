import { createWriteStream } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileErrors } from './files.errors.js';

/** The disk is full, missing or not writable. The client can't fix these. */
const DISK_ERRORS = new Set(['ENOSPC', 'EDQUOT', 'EIO', 'EROFS', 'EACCES', 'EPERM', 'EMFILE', 'ENFILE', 'ENOTDIR']);

/** Files by id, in a folder shared by all processes. A file under its final name is complete and flushed. */
export class FileDisk {
  constructor(private readonly directory: string) {}

  /**
   * Writes a file under a temporary name.
   * @returns its size in bytes
   */
  async write(id: string, content: Readable): Promise<number> {
    const path = this.arrivingPath(id);
    return reportingDiskErrors(async () => {
      await mkdir(dirname(path), { recursive: true });
      // Flush before the rename, so that the final name never refers to a partial file.
      const file = createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true });
      await pipeline(content, file);
      return file.bytesWritten;
    });
  }

  /** Renames a file to its final name, durably. */
  async complete(id: string): Promise<void> {
    await reportingDiskErrors(async () => {
      await rename(this.arrivingPath(id), this.#path(id));
      const folder = await open(dirname(this.#path(id)));
      await folder.sync().finally(() => folder.close());
    });
  }

  /** Opens a file that must exist. If it is missing, another disk is mounted. */
  async open(id: string): Promise<FileHandle> {
    return open(this.#path(id)).catch((cause: unknown) => {
      throw fileErrors.storage_unavailable({ cause });
    });
  }

  /** Deletes the temporary and the final file, if they exist. */
  async remove(id: string): Promise<void> {
    await reportingDiskErrors(() =>
      Promise.all([this.#path(id), this.arrivingPath(id)].map((path) => rm(path, { force: true }))),
    );
  }

  /** The path of an incomplete file. */
  arrivingPath(id: string): string {
    return `${this.#path(id)}.part`;
  }

  /** Distributes files over folders by the random end of the id. */
  #path(id: string): string {
    return join(this.directory, id.slice(-2), id);
  }
}

async function reportingDiskErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw code !== undefined && DISK_ERRORS.has(code) ? fileErrors.storage_unavailable({ cause: error }) : error;
  }
}
