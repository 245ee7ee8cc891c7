import { Injectable } from '@nestjs/common';
import { isUtf8 } from 'node:buffer';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { FastifyRequest } from 'fastify';
import type { EntityManager } from 'typeorm';
import type { StoreName } from '../../core/config/config.js';
import { Database } from '../../core/database/database.js';
import type { PreparedRead } from '../../core/database/fast-lane/fast-lane.js';
import { uuidV7 } from '../../core/database/uuid-v7.js';
import { invalidField } from '../../core/errors/invalid-request.js';
import { findUnusable, readJsonBody } from '../../core/validation/json-body.js';
import { validated } from '../../core/validation/request.pipe.js';
import type { FormRules } from '../../core/wire/form.js';
import { detectMediaType } from './media-types.js';
import { type FilePart, readForm } from './read-form.js';
import { FileSweep } from './file-sweep.service.js';
import { fileErrors } from './files.errors.js';
import { StorageTotals } from './storage-totals.js';
import type { Content } from './stores/file-store.js';
import { FileStores } from './stores/file-stores.js';
import { verified } from './stores/verified.js';

const NAME_CHARACTERS_MAX = 200;
const PLACE = `
  SELECT json_build_object('store', store, 'sha256', encode(sha256, 'hex'))::text FROM stored_files WHERE id = $1`;

interface Place {
  readonly store: StoreName;
  readonly sha256: string | null;
}

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
export class Files {
  readonly #place: PreparedRead;

  constructor(
    private readonly database: Database,
    private readonly totals: StorageTotals,
    private readonly stores: FileStores,
    private readonly sweep: FileSweep,
  ) {
    this.#place = database.reads.prepare('files.place', PLACE);
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
      for (const { id, name, declared, bytes } of parts) {
        const media_type = await detectMediaType(this.stores.arriving.path(id), declared, rules.fileTypes);
        files.push({ id, name, media_type, bytes });
      }
      for (const { id, ...content } of parts) await this.#complete(orgId, id, content);
      return await use({ files, fields: values });
    } catch (error) {
      await this.sweep.discard(ids, error);
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

  /** Deletes released files right after COMMIT instead of at the next scheduled sweep. */
  sweepSoon(manager: EntityManager): Promise<void> {
    return this.sweep.runSoon(manager);
  }

  /** @param manager of the transaction that writes the referencing row @throws AppError storage_full (409) */
  async keep(manager: EntityManager, { id, bytes }: Pick<NewFile, 'id' | 'bytes'>): Promise<void> {
    const sql = `UPDATE stored_files SET state = 'kept', bytes = $2 WHERE id = $1 RETURNING org_id`;
    const [kept] = (await manager.query(sql, [id, bytes])) as [{ org_id: string }[]];
    if (kept[0] === undefined) throw new Error(`The unused file ${id} was deleted before it was stored.`);
    await this.totals.add(manager, kept[0].org_id, bytes);
  }

  /** Streams a file that a row references. The stream fails if it is damaged. @throws AppError storage_unavailable (503) */
  async read(id: string): Promise<Readable> {
    const first = await this.#open(id);
    // Between the two steps, a move may have deleted the file where it was.
    const found = first instanceof Error ? await this.#open(id) : first;
    if (found instanceof Error) throw fileErrors.storage_unavailable({ cause: found });
    return found;
  }

  async #take(id: string, orgId: string, { content, name, type }: FilePart) {
    // Refuses full orgs early, before the upload. The exact check is in `keep`.
    await this.totals.assertRoom(this.database.manager, orgId, 1);
    const insert = 'INSERT INTO stored_files (id, org_id, store) VALUES ($1, $2, $3)';
    await this.database.pool.query(insert, [id, orgId, this.stores.current.name]);
    return { id, declared: type, name: nameOf(name), ...(await this.stores.arriving.write(id, content)) };
  }

  /** Hands an arrived file to the store. */
  async #complete(orgId: string, id: string, { bytes, sha256 }: Content): Promise<void> {
    await this.stores.current.keep(id, id, { bytes, sha256 });
    const update = `UPDATE stored_files SET sha256 = decode($3, 'hex') WHERE org_id = $1 AND id = $2`;
    await this.database.pool.query(update, [orgId, id, sha256]);
  }

  /** Returns an error if the file is not where its row says. */
  async #open(id: string): Promise<Readable | Error> {
    const place = await this.#place.row<Place>([id]);
    if (place === undefined) return new Error(`The file ${id} has no row.`);
    const content = await this.stores.of(place.store).open(id);
    if (content === undefined) return new Error(`The file ${id} is missing in ${place.store}.`);
    return place.sha256 === null ? content : verified(content, id, place.sha256);
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
