import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Principal } from '../../../access/principal/principal.js';
import { Database } from '../../../core/database/database.js';
import type { PreparedRead } from '../../../core/database/fast-lane/fast-lane.js';
import { inSurroundingTransaction } from '../../../core/database/transaction.js';
import { Files } from '../../../kit/files/files.service.js';
import { hasAnyWord, rankByWords } from '../../../kit/lists/full-text.js';
import type { FoundPassages, SearchQuery } from './knowledge.dto.js';
import { kit } from './knowledge-bases.definition.js';
import { WireJson } from '../../../core/wire/wire-json.js';

/** Ranking is slow, so of more matches than this only some are ranked. */
const RANKED_MAX = 20_000;
const SEARCH = `
  SELECT CASE WHEN EXISTS (SELECT FROM knowledge_bases WHERE org_id = $1::uuid AND id = $2::uuid) THEN
    json_build_object('results', (
      SELECT coalesce(json_agg(json_build_object('document_id', document_id, 'text', text, 'score', score)), '[]')
      FROM (
        SELECT * FROM (
          SELECT document_id, position, text, round(${rankByWords('$3')}::numeric, 4) AS score
          FROM knowledge_passages passage
          JOIN knowledge_documents document ON document.org_id = passage.org_id AND document.id = document_id
          WHERE passage.org_id = $1::uuid AND ${hasAnyWord('$2', '$3')} AND document.status = 'ready'
          LIMIT ${RANKED_MAX}
        ) found ORDER BY score DESC, document_id DESC, position LIMIT $4::int
      ) best
    ))::text END`;
/** The same for all knowledge bases of an org. */
const SEARCH_ALL = `
  SELECT title, text FROM (
    SELECT document.title, text, document_id, position, ${rankByWords('$2')} AS score
    FROM knowledge_bases base
    JOIN knowledge_passages passage ON passage.org_id = base.org_id AND ${hasAnyWord('base.id', '$2')}
    JOIN knowledge_documents document ON document.org_id = passage.org_id AND document.id = document_id
    WHERE base.org_id = $1::uuid AND document.status = 'ready'
    LIMIT ${RANKED_MAX}
  ) found ORDER BY score DESC, document_id DESC, position LIMIT $3`;

export interface FoundPassage {
  /** Of its document. */
  readonly title: string;
  readonly text: string;
}

@Injectable()
export class KnowledgeBases extends kit.Service {
  readonly #search: PreparedRead;

  constructor(
    database: Database,
    private readonly files: Files,
  ) {
    super(database);
    this.#search = database.slowReads.prepare('knowledge_bases.search', SEARCH);
  }

  /** Deletes its documents and their files too. @throws AppError not_found (404), in_use (409) */
  override async delete(principal: Principal, id: string): Promise<void> {
    await inSurroundingTransaction(this.database.dataSource, async (manager) => {
      await super.delete(principal, id);
      await this.files.sweepSoon(manager);
    });
  }

  /** Finds the passages with the most words of the query. @throws AppError not_found (404) */
  async search({ orgId }: Principal, id: string, { query, limit }: SearchQuery): Promise<WireJson<FoundPassages>> {
    return (await this.#search.json<FoundPassages>([orgId, id, query, String(limit)])) ?? this.notFound();
  }

  /** Finds the passages with the most words of a question, in all knowledge bases of an org. */
  searchAll(manager: EntityManager, orgId: string, question: string, limit: number): Promise<FoundPassage[]> {
    return manager.query(SEARCH_ALL, [orgId, question, limit]);
  }
}
