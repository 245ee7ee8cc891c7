import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { fileErrors } from '../files.errors.js';
import { type ArrivingFiles, pathIn } from './arriving-files.js';
import { reportingDiskErrors } from './disk-errors.js';
import type { FileStore } from './file-store.js';

/** Files in a folder that all processes share. */
export class LocalStore implements FileStore {
  readonly name = 'local';

  constructor(
    private readonly directory: string,
    private readonly arriving: ArrivingFiles,
  ) {}

  async keep(id: string, part: string): Promise<void> {
    await reportingDiskErrors(async () => {
      const path = pathIn(this.directory, id);
      await rename(this.arriving.path(part), path);
      const folder = await open(dirname(path));
      await folder.sync().finally(() => folder.close());
    });
  }

  async open(id: string): Promise<Readable | undefined> {
    const file = await open(pathIn(this.directory, id)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw fileErrors.storage_unavailable({ cause: error });
    });
    return file?.createReadStream();
  }

  async remove(id: string): Promise<void> {
    await reportingDiskErrors(() => rm(pathIn(this.directory, id), { force: true }));
  }
}
