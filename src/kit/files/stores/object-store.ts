import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import type { ObjectStorage } from '../../../core/object-storage/object-storage.js';
import { ObjectStorageFailure } from '../../../core/object-storage/object-storage-failure.js';
import { fileErrors } from '../files.errors.js';
import type { ArrivingFiles } from './arriving-files.js';
import type { Content, FileStore } from './file-store.js';

/** Below the prefix of the installation. */
const FOLDER = 'files/';

/** Files as objects. Each names the database that has its row, so that no other one deletes it. */
export class ObjectStore implements FileStore {
  readonly name = 's3';

  /** @param owner returns the identity of the database */
  constructor(
    private readonly storage: ObjectStorage,
    private readonly arriving: ArrivingFiles,
    private readonly owner: () => Promise<string>,
  ) {}

  async keep(id: string, part: string, content: Content): Promise<void> {
    const path = this.arriving.path(part);
    const metadata = { owner: await this.owner() };
    await reportingFailures(() =>
      this.storage.put(FOLDER + id, { ...content, open: () => createReadStream(path) }, metadata),
    );
    await this.arriving.remove(part);
  }

  async open(id: string): Promise<Readable | undefined> {
    return (await reportingFailures(() => this.storage.get(FOLDER + id)))?.content;
  }

  async remove(id: string): Promise<void> {
    await reportingFailures(() => this.storage.delete(FOLDER + id));
  }

  /** Lists all files, in pages. */
  async *list(): AsyncGenerator<readonly ListedFile[]> {
    for await (const page of this.storage.list(FOLDER)) {
      yield page.map(({ key, bytes, modifiedAt }) => ({ id: key.slice(FOLDER.length), bytes, modifiedAt }));
    }
  }

  /** Returns true if this database wrote the file. */
  async isOwn(id: string): Promise<boolean> {
    const found = await this.storage.head(FOLDER + id);
    return found !== undefined && found.metadata['owner'] === (await this.owner());
  }
}

export interface ListedFile {
  readonly id: string;
  readonly bytes: number;
  readonly modifiedAt: Date;
}

async function reportingFailures<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof ObjectStorageFailure ? fileErrors.storage_unavailable({ cause: error }) : error;
  }
}
