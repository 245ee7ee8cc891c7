import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../access/principal/principal.js';
import { Database } from '../../../core/database/database.js';
import { inTransaction } from '../../../core/database/transaction.js';
import { uuidV7 } from '../../../core/database/uuid-v7.js';
import { Files } from '../../../kit/files/files.service.js';
import { Jobs } from '../../../core/jobs/jobs.service.js';
import { AgentRows, type Condition } from '../agent-rows.js';
import { enveloped } from '../envelope.js';
import { DocumentExtraction } from './document-extraction.entity.js';
import { DOCUMENT, type ExtractionsQuery, type QueuedExtraction } from './extraction.dto.js';
import { EXTRACTION } from './extraction-worker.js';
import type { Wire, WireJson } from '../../../core/wire/wire-json.js';
import type { IncomingForm } from '../../../core/http/incoming-form.js';
import type { Envelope, PageEnvelope } from '../envelope.js';

/** Background extraction of fields from an agent's documents [S3]. */
@Injectable()
export class Extractions {
  readonly #rows: AgentRows<DocumentExtraction>;

  constructor(
    private readonly database: Database,
    private readonly files: Files,
    private readonly jobs: Jobs,
  ) {
    this.#rows = new AgentRows(database, DocumentExtraction, 'Document extraction');
  }

  /** Stores row, file and job in one transaction. @throws AppError as `Files.receive` */
  add({ orgId, agentId }: Principal, form: IncomingForm): Promise<Envelope<QueuedExtraction>> {
    return this.files.receive(form, orgId, DOCUMENT, ({ file, fields: { schema } }) =>
      inTransaction(this.database.dataSource, async (manager) => {
        const key = { org_id: orgId, agent_id: agentId, id: uuidV7() };
        await this.files.keep(manager, file);
        const row = { ...key, file_id: file.id, media_type: file.media_type, wanted: schema };
        await manager.insert(DocumentExtraction, row);
        await this.jobs.enqueue(manager, EXTRACTION, key);
        return enveloped({ id: key.id, status: 'queued' } as const);
      }),
    );
  }

  /** @throws AppError not_found (404) */
  async read(principal: Principal, id: string): Promise<WireJson<Envelope<Wire<DocumentExtraction>>>> {
    return this.#rows.read(principal, id);
  }

  list(principal: Principal, query: ExtractionsQuery): Promise<WireJson<PageEnvelope<Wire<DocumentExtraction>>>> {
    const conditions: Condition[] = query.status === undefined ? [] : [['status = ?', query.status]];
    return this.#rows.page(principal, query, conditions);
  }
}
