import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config, type StoreName } from '../../../core/config/config.js';
import { Database } from '../../../core/database/database.js';
import { OBJECT_STORAGE } from '../../../core/object-storage/object-storage.module.js';
import type { ObjectStorage } from '../../../core/object-storage/object-storage.js';
import { fileErrors } from '../files.errors.js';
import { ArrivingFiles } from './arriving-files.js';
import type { FileStore } from './file-store.js';
import { LocalStore } from './local-store.js';
import { ObjectStore } from './object-store.js';

/** A restored dump is another database, and so is its copy beside it. A promoted standby is the same. */
const OWNER = `
  SELECT system_identifier || '/' || (SELECT oid FROM pg_database WHERE datname = current_database()) AS owner
  FROM pg_control_system()`;

/** The stores that this installation reads, and the one that new files go to. */
@Injectable()
export class FileStores {
  readonly arriving: ArrivingFiles;
  readonly local: LocalStore;
  /** Undefined without object storage. */
  readonly s3: ObjectStore | undefined;
  readonly current: FileStore;
  #owner: Promise<string> | undefined;

  constructor(
    private readonly database: Database,
    @Inject(OBJECT_STORAGE) storage: ObjectStorage | undefined,
    @Inject(CONFIG) { filesDir, filesStore }: Config,
  ) {
    this.arriving = new ArrivingFiles(filesDir);
    this.local = new LocalStore(filesDir, this.arriving);
    this.s3 = storage && new ObjectStore(storage, this.arriving, () => this.#readOwner());
    this.current = this.of(filesStore);
  }

  /** @throws AppError storage_unavailable (503) if the store is not configured (any more) */
  of(name: StoreName): FileStore {
    const store = name === 'local' ? this.local : this.s3;
    if (store === undefined) throw fileErrors.storage_unavailable({ cause: new Error('S3_BUCKET is not set') });
    return store;
  }

  #readOwner(): Promise<string> {
    this.#owner ??= this.database.pool.query<{ owner: string }>(OWNER).then(({ rows }) => rows[0]!.owner);
    this.#owner.catch(() => (this.#owner = undefined));
    return this.#owner;
  }
}
