import type { Readable } from 'node:stream';
import type { StoreName } from '../../../core/config/config.js';

/** What is known of a file's content. */
export interface Content {
  readonly bytes: number;
  /** In hexadecimal digits. */
  readonly sha256: string;
}

/** Where complete files are, by id. A file that can be opened is complete. All methods throw `storage_unavailable` (503). */
export interface FileStore {
  readonly name: StoreName;

  /**
   * Takes a complete file from the folder of arriving files, durably. It replaces a file of the same id.
   * @param part the name in that folder
   */
  keep(id: string, part: string, content: Content): Promise<void>;

  /** Opens a file for reading. Returns undefined if it is not here. */
  open(id: string): Promise<Readable | undefined>;

  /** Deletes a file, if it is here. */
  remove(id: string): Promise<void>;
}
