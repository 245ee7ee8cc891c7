import { createWriteStream } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileErrors } from './files.errors.js';

/** The disk is full, gone or not ours to write to: nothing that a client could mend. */
const DISK_TROUBLES = new Set(['ENOSPC', 'EDQUOT', 'EIO', 'EROFS', 'EACCES', 'EPERM', 'EMFILE', 'ENFILE', 'ENOTDIR']);

/** Files by their id, in a folder that all processes share. What has a file's name is whole and on the disk. */
export class FileDisk {
  constructor(private readonly directory: string) {}

  /**
   * Writes a file under a name that it doesn't keep.
   * @returns its bytes
   */
  async write(id: string, content: Readable): Promise<number> {
    const path = this.arrivingPath(id);
    return noticingTrouble(async () => {
      await mkdir(dirname(path), { recursive: true });
      // Flushed, so that the name that follows never stands for less than the whole.
      const file = createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true });
      await pipeline(content, file);
      return file.bytesWritten;
    });
  }

  /** Gives a file its name, also after a crash of the machine. */
  async complete(id: string): Promise<void> {
    await noticingTrouble(async () => {
      await rename(this.arrivingPath(id), this.#path(id));
      const folder = await open(dirname(this.#path(id)));
      await folder.sync().finally(() => folder.close());
    });
  }

  /** Of a file that should be there: where it isn't, the disk isn't the one that it was written to. */
  async open(id: string): Promise<FileHandle> {
    return open(this.#path(id)).catch((cause: unknown) => {
      throw fileErrors.storage_unavailable({ cause });
    });
  }

  /** Whatever there is of it; nothing is fine. */
  async remove(id: string): Promise<void> {
    await noticingTrouble(() =>
      Promise.all([this.#path(id), this.arrivingPath(id)].map((path) => rm(path, { force: true }))),
    );
  }

  /** Where it is until it is complete. */
  arrivingPath(id: string): string {
    return `${this.#path(id)}.part`;
  }

  /** By the end of the id, its random part, so that the folders stay small. */
  #path(id: string): string {
    return join(this.directory, id.slice(-2), id);
  }
}

async function noticingTrouble<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw code !== undefined && DISK_TROUBLES.has(code) ? fileErrors.storage_unavailable({ cause: error }) : error;
  }
}
