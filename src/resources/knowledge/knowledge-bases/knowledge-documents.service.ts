import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../access/principal/principal.js';
import type { Caller } from '../../../kit/audit/actor.js';
import { Changes } from '../../../kit/audit/changes.js';
import { Database } from '../../../core/database/database.js';
import type { PreparedInsert, PreparedRead } from '../../../core/database/fast-lane/fast-lane.js';
import { rowAsJson } from '../../../core/database/row-as-json.js';
import { uuidV7 } from '../../../core/database/uuid-v7.js';
import { notFound } from '../../../core/errors/core-errors.js';
import { constraintRefusal } from '../../../core/errors/constraint-refusal.js';
import { Files } from '../../../kit/files/files.service.js';
import { TEXT } from '../../../kit/files/media-types.js';
import { StorageTotals } from '../../../kit/files/storage-totals.js';
import { Jobs } from '../../../core/jobs/jobs.service.js';
import type { PageRequest } from '../../../kit/lists/list-queries.js';
import { PreparedPages } from '../../../kit/lists/prepared-pages.js';
import { DOCUMENT_READING } from './document-reading.service.js';
import { type AddDocumentDto, DOCUMENT } from './knowledge.dto.js';
import { KnowledgeBases } from './knowledge-bases.service.js';
import { KnowledgeDocument } from './knowledge-document.entity.js';
import type { Page, Wire, WireJson } from '../../../core/wire/wire-json.js';
import type { IncomingForm } from '../../../core/http/incoming-form.js';

type NewDocument = Pick<KnowledgeDocument, 'title' | 'media_type' | 'bytes'> &
  Partial<Pick<KnowledgeDocument, 'content' | 'file_id'>>;

const WORDS = { label: 'Document', references: { knowledge_documents_base_fk: 'Knowledge base' } };

/** The documents of knowledge bases. A job reads them after the response. */
@Injectable()
export class KnowledgeDocuments {
  readonly #pages: PreparedPages<KnowledgeDocument>;
  readonly #read: PreparedRead;
  readonly #insert: PreparedInsert;

  constructor(
    database: Database,
    private readonly changes: Changes,
    private readonly bases: KnowledgeBases,
    private readonly files: Files,
    private readonly totals: StorageTotals,
    private readonly jobs: Jobs,
  ) {
    const metadata = database.dataSource.getMetadata(KnowledgeDocument);
    const row = rowAsJson(metadata);
    this.#pages = new PreparedPages(database, {
      table: 'knowledge_documents',
      item: row,
      filters: {},
      within: { table: 'knowledge_bases', column: 'knowledge_base_id' },
    });
    const read = `SELECT ${row} FROM knowledge_documents WHERE org_id = $1 AND knowledge_base_id = $2 AND id = $3`;
    this.#read = database.reads.prepare('knowledge_documents.read', read);
    this.#insert = database.inserts.prepare('knowledge_documents.insert', metadata, `RETURNING ${row} AS text`);
  }

  /** @throws AppError not_found (404) for the knowledge base */
  async list(
    { orgId }: Principal,
    baseId: string,
    page: PageRequest,
  ): Promise<WireJson<Page<Wire<KnowledgeDocument>>>> {
    const documents = await this.#pages.readWithin(orgId, baseId, page);
    if (documents === undefined) throw notFound('Knowledge base');
    return documents;
  }

  /** @throws AppError not_found (404) */
  async read({ orgId }: Principal, baseId: string, id: string): Promise<WireJson<Wire<KnowledgeDocument>>> {
    const document = await this.#read.json<Wire<KnowledgeDocument>>([orgId, baseId, id]);
    if (document === undefined) throw notFound('Document');
    return document;
  }

  /** @throws AppError not_found (404) for the knowledge base, storage_full (409) */
  async add(caller: Caller, baseId: string, { title, content }: AddDocumentDto): Promise<Wire<KnowledgeDocument>> {
    const document = { title, content, media_type: TEXT, bytes: Buffer.byteLength(content) };
    return this.#add(caller, baseId, document);
  }

  /** @throws AppError not_found (404) for the knowledge base, and as `Files.receive` */
  async receive(caller: Caller, baseId: string, form: IncomingForm): Promise<Wire<KnowledgeDocument>> {
    // Fails before the upload. The foreign key refuses a knowledge base that is deleted meanwhile.
    await this.bases.read(caller.principal, baseId);
    return this.files.receive(form, caller.principal.orgId, DOCUMENT, ({ file, fields: { title } }) => {
      const { id: file_id, media_type, bytes } = file;
      return this.#add(caller, baseId, { title, file_id, media_type, bytes });
    });
  }

  /** @throws AppError not_found (404) */
  async remove({ principal: { orgId }, actor }: Caller, baseId: string, id: string): Promise<void> {
    await this.changes.change(actor, async (manager, record) => {
      const where = { org_id: orgId, knowledge_base_id: baseId, id };
      const document = await manager.findOne(KnowledgeDocument, { where, lock: { mode: 'pessimistic_write' } });
      if (!document) throw notFound('Document');
      await manager.delete(KnowledgeDocument, where);
      await this.files.sweepSoon(manager);
      record({ action: 'knowledge_document.deleted', orgId, target: targetOf(document) });
    });
  }

  /** Inserts row and job in one transaction. */
  async #add(
    { principal: { orgId }, actor }: Caller,
    baseId: string,
    document: NewDocument,
  ): Promise<Wire<KnowledgeDocument>> {
    const key = { org_id: orgId, id: uuidV7() };
    try {
      return await this.changes.change(actor, async (manager, record) => {
        const { file_id: fileId, bytes } = document;
        if (typeof fileId === 'string') await this.files.keep(manager, { id: fileId, bytes });
        const added = await this.#insert.row<Wire<KnowledgeDocument>>(
          { ...document, ...key, knowledge_base_id: baseId },
          manager,
        );
        if (typeof fileId !== 'string') await this.totals.add(manager, orgId, bytes);
        await this.jobs.enqueue(manager, DOCUMENT_READING, key);
        record({ action: 'knowledge_document.created', orgId, target: targetOf({ ...document, ...key }) });
        return added!;
      });
    } catch (error) {
      throw constraintRefusal(error, WORDS);
    }
  }
}

function targetOf({ id, title }: Pick<KnowledgeDocument, 'id' | 'title'>) {
  return { type: 'knowledge_document', id, name: title };
}
