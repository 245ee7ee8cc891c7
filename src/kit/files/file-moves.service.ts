import { randomBytes } from 'node:crypto';
import { type Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Injectable } from '@nestjs/common';
import type { StoreName } from '../../core/config/config.js';
import { Database } from '../../core/database/database.js';
import { inTransaction } from '../../core/database/transaction.js';
import { AppError } from '../../core/errors/app-error.js';
import { FileStores } from './stores/file-stores.js';
import { verified } from './stores/verified.js';

const BATCH = 100;
const FILES_AT_ONCE = 4;
const LOCK = `SELECT pg_try_advisory_xact_lock(hashtextextended('file moves', 0)) AS locked`;
/** The second condition finds files whose source an interrupted run has not deleted. */
const NEXT = `
  SELECT id, store = $2 AS is_moved FROM stored_files
  WHERE id > $1 AND state = 'kept' AND (store <> $2 OR also_in IS NOT NULL)
  ORDER BY id LIMIT ${BATCH}`;
/** The sweep now deletes both, if the file is released meanwhile. */
const CLAIM = `
  UPDATE stored_files SET also_in = $2 WHERE id = $1 AND store <> $2 AND state = 'kept'
  RETURNING store, bytes, encode(sha256, 'hex') AS sha256`;
const SWITCH = `
  UPDATE stored_files SET store = $2, also_in = store, sha256 = decode($3, 'hex')
  WHERE id = $1 AND also_in = $2 AND state = 'kept' RETURNING id`;
const SOURCE = 'SELECT also_in FROM stored_files WHERE id = $1 AND store = $2 AND also_in IS NOT NULL FOR UPDATE';
/** Uploads arrive under the id alone. */
const PART_OF_MOVE = /^[0-9a-f-]{36}\.[0-9a-f]{16}$/;
const SOURCE_DELETED = 'UPDATE stored_files SET also_in = NULL WHERE id = $1';
const COUNT = `
  SELECT count(*) FILTER (WHERE store <> $1)::int AS left, count(*)::int AS all FROM stored_files WHERE state = 'kept'`;
const EXISTS = 'SELECT FROM stored_files WHERE id = $1';

export interface MoveResult {
  readonly moved: number;
  readonly bytes: number;
  /** Files whose source an interrupted run had left. */
  readonly finished: number;
  /** Files that stay where they were, and why. */
  readonly problems: readonly string[];
  /** Files that are in the other store now. */
  readonly left: number;
}

export interface MoveProgress {
  readonly moved: number;
  readonly all: number;
}

/**
 * Moves files between the stores while servers run. At each moment the row names a store with the complete file: it is
 * copied and read back first, then the row is switched, and the source is deleted after that COMMIT. An interrupted run
 * leaves at most a second copy, which `also_in` names; the next run, or the deletion of the file, removes it.
 */
@Injectable()
export class FileMoves {
  constructor(
    private readonly database: Database,
    private readonly stores: FileStores,
  ) {}

  /**
   * Moves all files to a store.
   * @throws Error if another run is active, AppError storage_unavailable if a store is down
   */
  async moveAll(to: StoreName, progress: (done: MoveProgress) => void): Promise<MoveResult> {
    this.stores.of(to);
    // The transaction only holds the lock. Two runs in opposite directions must not meet.
    return inTransaction(this.database.dataSource, async (holder) => {
      const [{ locked }] = (await holder.query(LOCK)) as [{ locked: boolean }];
      if (!locked) throw new Error('another "gatehouse files move" is running');
      await this.stores.arriving.removeAll((part) => PART_OF_MOVE.test(part));
      const run = { moved: 0, bytes: 0, finished: 0, problems: [] as string[] };
      const { all } = await this.#count(to);
      for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
        // Fails if the lock is lost.
        const rows = (await holder.query(NEXT, [after, to])) as { id: string; is_moved: boolean }[];
        if (rows.length === 0) break;
        for (let at = 0; at < rows.length; at += FILES_AT_ONCE) {
          const some = rows.slice(at, at + FILES_AT_ONCE);
          const endings = await Promise.allSettled(some.map((row) => this.#advance(row, to, run)));
          const failed = endings.find((each) => each.status === 'rejected');
          if (failed) throw failed.reason;
        }
        after = rows.at(-1)!.id;
        progress({ moved: run.moved, all });
      }
      return { ...run, left: (await this.#count(to)).left };
    });
  }

  async #advance(
    { id, is_moved: isMoved }: { id: string; is_moved: boolean },
    to: StoreName,
    run: { moved: number; bytes: number; finished: number; problems: string[] },
  ): Promise<void> {
    try {
      if (!isMoved) {
        const bytes = await this.#copyAndSwitch(id, to);
        if (bytes === undefined) return;
        run.moved++;
        run.bytes += bytes;
      } else run.finished++;
      await this.#deleteSource(id, to);
    } catch (error) {
      if (!(error instanceof FileProblem)) throw error;
      run.problems.push(`${id}: ${error.message}`);
    }
  }

  /** Returns the size, or undefined if the file was released or moved meanwhile. */
  async #copyAndSwitch(id: string, to: StoreName): Promise<number | undefined> {
    const { pool } = this.database;
    const { rows } = await pool.query<{ store: StoreName; bytes: string; sha256: string | null }>(CLAIM, [id, to]);
    const [row] = rows;
    if (row === undefined) return undefined;
    const source = await this.stores.of(row.store).open(id);
    if (source === undefined) throw new FileProblem(`missing in ${row.store}`);
    const part = `${id}.${randomBytes(8).toString('hex')}`;
    const target = this.stores.of(to);
    try {
      const content = await this.stores.arriving.write(part, source);
      if (content.bytes !== Number(row.bytes))
        throw new FileProblem(`has ${content.bytes} bytes instead of ${row.bytes}`);
      if (row.sha256 !== null && row.sha256 !== content.sha256) throw new FileProblem('differs from its checksum');
      await target.keep(id, part, content);
      await readBack(await target.open(id), id, content.sha256);
      const switched = await pool.query(SWITCH, [id, to, content.sha256]);
      if (switched.rowCount === 1) return content.bytes;
    } finally {
      await this.stores.arriving.remove(part);
    }
    // A sweep that has deleted the row could not see a copy that arrived later.
    if ((await pool.query(EXISTS, [id])).rowCount === 0) await target.remove(id);
    return undefined;
  }

  async #deleteSource(id: string, to: StoreName): Promise<void> {
    await inTransaction(this.database.dataSource, async (manager) => {
      const [row] = (await manager.query(SOURCE, [id, to])) as { also_in: StoreName }[];
      if (row === undefined) return;
      await this.stores.of(row.also_in).remove(id);
      await manager.query(SOURCE_DELETED, [id]);
    });
  }

  async #count(to: StoreName): Promise<{ left: number; all: number }> {
    return (await this.database.pool.query<{ left: number; all: number }>(COUNT, [to])).rows[0]!;
  }
}

/** Concerns one file; the run goes on with the others. */
class FileProblem extends Error {}

async function readBack(copy: Readable | undefined, id: string, sha256: string): Promise<void> {
  if (copy === undefined) throw new FileProblem('the copy is missing');
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  await pipeline(verified(copy, id, sha256), nowhere).catch((error: unknown) => {
    throw error instanceof AppError ? new FileProblem('the copy differs from its checksum') : error;
  });
}
