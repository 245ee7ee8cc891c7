import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { buffer } from 'node:stream/consumers';
import { Database } from '../../../core/database/database.js';
import { threadBeside } from '../../../kit/document-text/bounded-thread.js';
import { textOfDocument, UnreadableDocument, runDocumentThread } from '../../../kit/document-text/document-text.js';
import { violatedForeignKey } from '../../../core/errors/postgres-error.js';
import { Files } from '../../../kit/files/files.service.js';
import { defineJob } from '../../../core/jobs/job.js';
import { Jobs } from '../../../core/jobs/jobs.service.js';
import { wordsOf } from '../../../kit/lists/full-text.js';
import { LOG, type Log } from '../../../core/logging/log.js';
import { KnowledgeDocument } from './knowledge-document.entity.js';

type DocumentKey = Pick<KnowledgeDocument, 'org_id' | 'id'>;

export const DOCUMENT_READING = defineJob<DocumentKey>({
  name: 'knowledge-document',
  retries: 4,
  retryAfterSeconds: 5,
  secondsMax: 300,
  atOnce: 2,
});

/** Keeps a statement well below its timeout. */
const PASSAGES_PER_BATCH = 200;
const PASSAGES = threadBeside(import.meta.url, 'passages-thread');
/** Splitting is deterministic, so a retry continues where the crashed attempt stopped. */
const INSERT = `
  INSERT INTO knowledge_passages (org_id, document_id, position, text, words)
  SELECT $1::uuid, $2::uuid, $3::int + position, text, ${wordsOf('$4', `$5::text || ' ' || text`)}
  FROM unnest($6::text[]) WITH ORDINALITY AS passages (text, position)
  ON CONFLICT DO NOTHING`;

/** Splits documents into passages. If the process dies, another one retries. */
@Injectable()
export class DocumentReading implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly files: Files,
    private readonly jobs: Jobs,
    @Inject(LOG) private readonly log: Log,
  ) {}

  onModuleInit(): void {
    this.jobs.handle(DOCUMENT_READING, {
      run: (key, signal) => this.#read(key, signal),
      giveUp: (key) => this.#end(key, 'The document could not be read.'),
    });
  }

  async #read(key: DocumentKey, signal: AbortSignal): Promise<void> {
    const select = { status: true, knowledge_base_id: true, title: true, content: true, file_id: true } as const;
    const where = { ...key };
    const document = await this.database.manager.findOne(KnowledgeDocument, {
      select: { ...select, media_type: true },
      where,
    });
    // It was deleted, or an earlier attempt finished it and died before it could complete the job.
    if (document?.status !== 'processing') return;
    try {
      await this.#store(key, document, await this.#textOf(document, signal), signal);
      await this.#end(key, null);
    } catch (error) {
      // The document was deleted meanwhile.
      if (violatedForeignKey(error) === 'knowledge_passages_document_fk') return;
      if (!(error instanceof UnreadableDocument)) throw error;
      await this.#end(key, error.message);
    }
  }

  async #textOf({ content, file_id, media_type }: KnowledgeDocument, signal: AbortSignal): Promise<string> {
    const bytes = content === null ? await buffer(await this.files.read(file_id!)) : Buffer.from(content);
    return textOfDocument(bytes, media_type, signal);
  }

  /** Inserts in short statements, so that a deletion of the document waits for one of them at most. */
  async #store(
    { org_id, id }: DocumentKey,
    { knowledge_base_id, title }: KnowledgeDocument,
    text: string,
    signal: AbortSignal,
  ): Promise<void> {
    const passages = await runDocumentThread<string[]>(PASSAGES, { text }, signal);
    for (let stored = 0; stored < passages.length; stored += PASSAGES_PER_BATCH) {
      signal.throwIfAborted();
      const batch = passages.slice(stored, stored + PASSAGES_PER_BATCH);
      await this.database.manager.query(INSERT, [org_id, id, stored, knowledge_base_id, title, batch]);
    }
  }

  async #end({ org_id, id }: DocumentKey, error: string | null): Promise<void> {
    const status = error === null ? 'ready' : 'failed';
    const where = { org_id, id, status: 'processing' } as const;
    await this.database.manager.update(KnowledgeDocument, where, { status, error });
    this.log.info({ document: id, failed: error !== null }, 'a document was read for its knowledge base');
  }
}
