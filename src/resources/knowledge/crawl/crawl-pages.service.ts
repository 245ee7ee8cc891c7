import { Injectable } from '@nestjs/common';
import { IsIn } from 'class-validator';
import type { EntityManager } from 'typeorm';
import type { Principal } from '../../../access/principal/principal.js';
import { Database } from '../../../core/database/database.js';
import { rowAsJson } from '../../../core/database/row-as-json.js';
import { notFound } from '../../../core/errors/core-errors.js';
import { equals, type Filters } from '../../../kit/lists/filters.js';
import { hasAnyWord, rankByWords } from '../../../kit/lists/full-text.js';
import type { PageRequest } from '../../../kit/lists/list-queries.js';
import { PreparedPages } from '../../../kit/lists/prepared-pages.js';
import { CrawlPage, PAGE_STATUSES } from './crawl-page.entity.js';
import type { Page, Wire, WireJson } from '../../../core/wire/wire-json.js';

export const PAGE_FILTERS: Filters = { status: equals('status', IsIn(PAGE_STATUSES)) };

/** A page that matches a search. */
export interface FoundPage {
  readonly id: string;
  readonly url: string;
  readonly title: string | null;
  readonly text: string;
  readonly score: number;
}

/** A question has words that its answer lacks, so any word matches; pages with more of them rank higher. */
const SEARCH = `
  SELECT id, url, title, content AS text, ${rankByWords('$2')} AS score FROM crawl_pages
  WHERE org_id = $1 AND content IS NOT NULL AND ${hasAnyWord('$1', '$2')}
  ORDER BY score DESC, id LIMIT $3`;

/** The pages that crawls have read. */
@Injectable()
export class CrawlPages {
  readonly #pages: PreparedPages<CrawlPage>;

  constructor(database: Database) {
    this.#pages = new PreparedPages(database, {
      table: 'crawl_pages',
      item: rowAsJson(database.dataSource.getMetadata(CrawlPage)),
      filters: PAGE_FILTERS,
      within: { table: 'crawl_datasources', column: 'datasource_id' },
    });
  }

  /** @throws AppError not_found (404) */
  async list({ orgId }: Principal, datasourceId: string, page: PageRequest): Promise<WireJson<Page<Wire<CrawlPage>>>> {
    const found = await this.#pages.readWithin(orgId!, datasourceId, page);
    if (found === undefined) throw notFound('Datasource');
    return found;
  }

  /** Searches all websites of an org, best match first. A question without words matches none. */
  searchPages(manager: EntityManager, orgId: string, question: string, limit: number): Promise<FoundPage[]> {
    return manager.query(SEARCH, [orgId, question, limit]);
  }
}
