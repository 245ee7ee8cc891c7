import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { isUtf8 } from 'node:buffer';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { FastifyRequest } from 'fastify';
import type { EntityManager } from 'typeorm';
import { CONFIG, type Config } from '../../core/config/config.js';
import { Database } from '../../core/database/database.js';
import { inTransaction } from '../../core/database/transaction.js';
import { uuidV7 } from '../../core/database/uuid-v7.js';
import { invalidField } from '../../core/errors/invalid-request.js';
import { defineScheduledJob } from '../../core/jobs/job.js';
import { Jobs } from '../../core/jobs/jobs.service.js';
import { LOG, type Log } from '../../core/logging/log.js';
import { findUnusable, readJsonBody } from '../../core/validation/json-body.js';
import { validated } from '../../core/validation/request.pipe.js';
import type { FormRules } from '../../core/wire/form.js';
import { FileDisk } from './file-disk.js';
import { detectMediaType } from './media-types.js';
import { type FilePart, readForm } from './read-form.js';
import { StorageTotals } from './storage-totals.js';

export const FILE_SWEEP = defineScheduledJob({
  name: 'file-sweep',
  schedule: '*/15 * * * *',
  retries: 2,
  retryAfterSeconds: 60,
  secondsMax: 600,
});

const SWEPT_AT_ONCE = 100;
const NAME_CHARACTERS_MAX = 200;
/** An hour is longer than any upload takes. */
const TAKE = `
  SELECT id FROM stored_files
  WHERE state = 'released' OR (state = 'arriving' AND created_at < now() - interval '1 hour')
  ORDER BY id LIMIT ${SWEPT_AT_ONCE} FOR UPDATE SKIP LOCKED`;

/** A complete upload that no row references yet. */
export interface NewFile {
  readonly id: string;
  /** The client's file name. */
  readonly name: string;
  /** Detected from the content. */
  readonly media_type: string;
  readonly bytes: number;
}

export interface ReceivedForm<Fields> {
  readonly file: NewFile;
  readonly fields: Fields;
}

export interface ReceivedFiles<Fields> {
  /** At least one, in the order of the parts. */
  readonly files: readonly NewFile[];
  readonly fields: Fields;
}

/**
 * Stores files for all features. A file lives as long as a feature's row references it in `stored_files`; a trigger on
 * that table (`migrations/release-files.ts`) releases the file when the row is deleted.
 */
@Injectable()
export class Files implements OnModuleInit {
  readonly #disk: FileDisk;

  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
    private readonly totals: StorageTotals,
    @Inject(LOG) private readonly log: Log,
    @Inject(CONFIG) { filesDir }: Config,
  ) {
    this.#disk = new FileDisk(filesDir);
  }

  onModuleInit(): void {
    this.jobs.handle(FILE_SWEEP, { run: (_input, signal) => this.#sweep(signal) });
  }

  /**
   * Receives a form with one file, as `receiveAll` does.
   * @throws AppError as `receiveAll`
   */
  receive<Fields extends object, T>(
    request: FastifyRequest,
    orgId: string,
    rules: FormRules<Fields>,
    use: (form: ReceivedForm<Fields>) => Promise<T>,
  ): Promise<T> {
    return this.receiveAll(request, orgId, rules, ({ files: [file], fields }) => use({ file: file!, fields }));
  }

  /**
   * Receives a form and passes it to `use`, which calls `keep` in the transaction of the rows that reference the files.
   * Any failure deletes all files.
   * @throws AppError form_required, file_type_not_allowed (415), file_too_large (413), invalid_request (400),
   *   storage_full (409), storage_unavailable (503)
   */
  async receiveAll<Fields extends object, T>(
    request: FastifyRequest,
    orgId: string,
    rules: FormRules<Fields>,
    use: (form: ReceivedFiles<Fields>) => Promise<T>,
  ): Promise<T> {
    const ids: string[] = [];
    try {
      const { files: parts, fields } = await readForm(request, rules, (part) => {
        const id = uuidV7();
        ids.push(id);
        return this.#take(id, orgId, part);
      });
      const values = await valuesOf(fields, rules);
      if (parts.some(({ bytes }) => bytes === 0)) throw invalidField('file', 'file is empty');
      const files: NewFile[] = [];
      for (const { declared, ...file } of parts) {
        const media_type = await detectMediaType(this.#disk.arrivingPath(file.id), declared, rules.fileTypes);
        files.push({ ...file, media_type });
      }
      for (const { id } of files) await this.#disk.complete(id);
      return await use({ files, fields: values });
    } catch (error) {
      await this.#discard(ids);
      throw error;
    }
  }

  /**
   * Receives a form with a text file into memory, without storing it.
   * @throws AppError form_required (415), file_too_large (413), invalid_request (400)
   */
  async readText<Fields extends object>(
    request: FastifyRequest,
    rules: FormRules<Fields>,
  ): Promise<{ readonly text: string; readonly fields: Fields }> {
    const { files, fields } = await readForm(request, rules, ({ content }) => buffer(content));
    const values = await valuesOf(fields, rules);
    const bytes = files[0]!;
    if (!isUtf8(bytes)) throw invalidField('file', 'file is not UTF-8');
    return { text: bytes.toString().replace(/^\ufeff/, ''), fields: values };
  }

  /** @param manager of the transaction that writes the referencing row @throws AppError storage_full (409) */
  async keep(manager: EntityManager, { id, bytes }: Pick<NewFile, 'id' | 'bytes'>): Promise<void> {
    const sql = `UPDATE stored_files SET state = 'kept', bytes = $2 WHERE id = $1 RETURNING org_id`;
    const [kept] = (await manager.query(sql, [id, bytes])) as [{ org_id: string }[]];
    if (kept[0] === undefined) throw new Error(`The unused file ${id} was deleted before it was stored.`);
    await this.totals.add(manager, kept[0].org_id, bytes);
  }

  /** Streams a file that a row references. @throws AppError storage_unavailable (503) */
  async read(id: string): Promise<Readable> {
    return (await this.#disk.open(id)).createReadStream();
  }

  /** Deletes released files right after COMMIT instead of at the next scheduled sweep. */
  async sweepSoon(manager: EntityManager): Promise<void> {
    await this.jobs.enqueueScheduled(manager, FILE_SWEEP);
  }

  async #take(id: string, orgId: string, { content, name, type }: FilePart) {
    // Refuses full orgs early, before the upload. The exact check is in `keep`.
    await this.totals.assertRoom(this.database.manager, orgId, 1);
    await this.database.pool.query('INSERT INTO stored_files (id, org_id) VALUES ($1, $2)', [id, orgId]);
    const bytes = await this.#disk.write(id, content);
    return { id, bytes, declared: type, name: nameOf(name) };
  }

  /** Deletes the files unless they are kept: a failed COMMIT may still have succeeded. The sweep retries failures. */
  async #discard(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    try {
      await inTransaction(this.database.dataSource, async (manager) => {
        const found = await manager.query(
          `SELECT id FROM stored_files WHERE id = ANY ($1) AND state = 'arriving' FOR UPDATE`,
          [ids],
        );
        await this.#remove(manager, found);
      });
    } catch (error) {
      this.log.info({ err: error }, 'unused files could not be deleted; a later cleanup deletes them');
    }
  }

  async #sweep(signal: AbortSignal): Promise<void> {
    await this.totals.settle(this.database.manager);
    let swept: number;
    do {
      swept = await inTransaction(this.database.dataSource, async (manager) => {
        const found = await manager.query(TAKE);
        await this.#remove(manager, found);
        return found.length as number;
      });
    } while (swept === SWEPT_AT_ONCE && !signal.aborted);
  }

  /** Deletes files before rows, so that a crash leaves rows for the next sweep. */
  async #remove(manager: EntityManager, rows: readonly { id: string }[]): Promise<void> {
    if (rows.length === 0) return;
    const ids = rows.map(({ id }) => id);
    await Promise.all(ids.map((id) => this.#disk.remove(id)));
    await manager.query('DELETE FROM stored_files WHERE id = ANY ($1)', [ids]);
  }
}

async function valuesOf<Fields extends object>(
  fields: ReadonlyMap<string, string>,
  rules: FormRules<Fields>,
): Promise<Fields> {
  const [name] = fields.keys();
  if (rules.fields === undefined) {
    if (name !== undefined) throw invalidField(name, `${name} is not a known field`);
    return {} as Fields;
  }
  const json = rules.json ?? [];
  const values = Object.fromEntries(
    [...fields].map(([name, text]) => [name, json.includes(name) ? readJsonBody(Buffer.from(text), name) : text]),
  );
  const problem = findUnusable(values);
  if (problem) throw problem;
  return validated(values, rules.fields);
}

/** Removes control characters and limits the length. */
function nameOf(given: string): string {
  // oxlint-disable-next-line no-control-regex -- removes them
  const name = given.replace(/[\0-\x1f\x7f]/g, '').toWellFormed();
  return [...name].slice(0, NAME_CHARACTERS_MAX).join('') || 'file';
}
