import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { buffer } from 'node:stream/consumers';
import { Database } from '../../../core/database/database.js';
import { inTransaction } from '../../../core/database/transaction.js';
import { threadBeside } from '../../../kit/document-text/bounded-thread.js';
import { textOfDocument, UnreadableDocument, runDocumentThread } from '../../../kit/document-text/document-text.js';
import { Files } from '../../../kit/files/files.service.js';
import { defineJob } from '../../../core/jobs/job.js';
import { Jobs } from '../../../core/jobs/jobs.service.js';
import { LOG, type Log } from '../../../core/logging/log.js';
import { LanguageModels } from '../../../kit/outbound/language-models.js';
import { askModel } from './ask-model.js';
import { DocumentExtraction } from './document-extraction.entity.js';
import type { ExtractedField } from './extraction.dto.js';
import type { FieldWanted } from './field-wanted.dto.js';

type ExtractionKey = Pick<DocumentExtraction, 'org_id' | 'agent_id' | 'id'>;
type Outcome = Pick<DocumentExtraction, 'fields' | 'error'>;

/** About a hundred pages. Text beyond is not searched. */
const CHARACTERS_MAX = 200_000;
const EXTRACTOR = threadBeside(import.meta.url, 'extraction-thread');

export const EXTRACTION = defineJob<ExtractionKey>({
  name: 'document-extraction',
  retries: 4,
  retryAfterSeconds: 5,
  secondsMax: 300,
  atOnce: 2,
});

/** Runs extractions. After a crash, another process repeats the extraction. */
@Injectable()
export class ExtractionWorker implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly files: Files,
    private readonly jobs: Jobs,
    private readonly models: LanguageModels,
    @Inject(LOG) private readonly log: Log,
  ) {}

  onModuleInit(): void {
    this.jobs.handle(EXTRACTION, {
      run: (key, signal) => this.#read(key, signal),
      giveUp: (key) => this.#end(key, { fields: null, error: 'The document could not be read.' }),
    });
  }

  async #read(key: ExtractionKey, signal: AbortSignal): Promise<void> {
    const { manager } = this.database;
    await manager.update(DocumentExtraction, { ...key, status: 'queued' }, { status: 'processing' });
    const select = { status: true, file_id: true, media_type: true, wanted: true } as const;
    const extraction = await manager.findOne(DocumentExtraction, { select, where: { ...key } });
    // The agent was deleted, or an earlier attempt ended the extraction and crashed before the job completed.
    if (extraction?.status !== 'processing' || extraction.file_id === null) return;
    await this.#end(key, await this.#outcomeOf(extraction, extraction.file_id, signal));
  }

  async #outcomeOf({ media_type, wanted }: DocumentExtraction, fileId: string, signal: AbortSignal): Promise<Outcome> {
    try {
      const whole = await textOfDocument(await buffer(await this.files.read(fileId)), media_type, signal);
      const text = whole.slice(0, CHARACTERS_MAX);
      const model = this.models.configured;
      const found = model
        ? await askModel(model, text, wanted, signal)
        : await runDocumentThread<Record<string, ExtractedField>>(EXTRACTOR, { text, wanted }, signal);
      return validateRequired(found, wanted);
    } catch (error) {
      if (error instanceof UnreadableDocument) return { fields: null, error: error.message };
      throw error;
    }
  }

  /** Stores the outcome and deletes the document. */
  async #end({ org_id, agent_id, id }: ExtractionKey, { fields, error }: Outcome): Promise<void> {
    await inTransaction(this.database.dataSource, async (manager) => {
      const status = error === null ? 'completed' : 'failed';
      const values = { status, fields: fields as object, error, completed_at: new Date(), file_id: null } as const;
      const where = `org_id = :org_id AND agent_id = :agent_id AND id = :id AND status IN ('queued', 'processing')`;
      const update = manager.createQueryBuilder().update(DocumentExtraction).set(values);
      const { affected } = await update.where(where, { org_id, agent_id, id }).execute();
      if (affected === 1) await this.files.sweepSoon(manager);
    });
    this.log.info({ extraction: id, failed: error !== null }, 'a document was read');
  }
}

/** Fails the extraction if a required field is missing. */
function validateRequired(fields: Record<string, ExtractedField>, wanted: readonly FieldWanted[]): Outcome {
  const missing = wanted.filter(({ key, required }) => required && fields[key]!.value === null).map(({ key }) => key);
  if (missing.length === 0) return { fields, error: null };
  const what = missing.length === 1 ? 'A required field was' : 'Required fields were';
  return { fields: null, error: `${what} not found: ${missing.join(', ')}.` };
}
