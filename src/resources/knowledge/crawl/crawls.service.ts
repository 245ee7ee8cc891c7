import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Principal } from '../../../access/principal/principal.js';
import { Database } from '../../../core/database/database.js';
import type { PreparedInsert } from '../../../core/database/fast-lane/fast-lane.js';
import { rowAsJson } from '../../../core/database/row-as-json.js';
import { inTransaction } from '../../../core/database/transaction.js';
import { uuidV7 } from '../../../core/database/uuid-v7.js';
import { notFound } from '../../../core/errors/core-errors.js';
import { crawlErrors } from './crawl.errors.js';
import { Jobs } from '../../../core/jobs/jobs.service.js';
import type { PageRequest } from '../../../kit/lists/list-queries.js';
import { PreparedPages } from '../../../kit/lists/prepared-pages.js';
import { CRAWL, type CrawlKey } from './crawl.job.js';
import { CrawlJob } from './crawl-job.entity.js';
import type { Datasource } from './datasource.entity.js';
import { endCrawl } from './crawl-end.js';
import type { Page, Wire, WireJson } from '../../../core/wire/wire-json.js';

const WITHIN = { table: 'crawl_datasources', column: 'datasource_id' } as const;

/** Starts, lists and cancels crawls. `CrawlWorker` runs them. */
@Injectable()
export class Crawls {
  readonly #insert: PreparedInsert;
  readonly #pages: PreparedPages<CrawlJob>;

  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
  ) {
    const metadata = database.dataSource.getMetadata(CrawlJob);
    const item = rowAsJson(metadata);
    this.#pages = new PreparedPages(database, { table: 'crawl_jobs', item, filters: {}, within: WITHIN });
    const ending = `ON CONFLICT (org_id, datasource_id) WHERE status IN ('pending', 'scraping') DO NOTHING
      RETURNING ${item} AS text`;
    this.#insert = database.inserts.prepare('crawl_jobs.start', metadata, ending);
  }

  /** @throws AppError not_found (404), crawl_paused, crawl_under_way (409) */
  async start({ orgId }: Principal, datasourceId: string): Promise<Wire<CrawlJob>> {
    return inTransaction(this.database.dataSource, async (manager) => {
      // Pausing the datasource waits for this lock, so that it cancels this crawl.
      const sql = 'SELECT status FROM crawl_datasources WHERE org_id = $1 AND id = $2 FOR SHARE';
      const values = [orgId, datasourceId];
      const [datasource] = (await manager.query(sql, values)) as Pick<Datasource, 'status'>[];
      if (datasource === undefined) throw notFound('Datasource');
      if (datasource.status === 'paused') throw crawlErrors.crawl_paused();
      const started = await this.enqueue(manager, orgId, datasourceId);
      if (started === undefined) throw crawlErrors.crawl_under_way();
      return started;
    });
  }

  /** @returns undefined if a crawl is under way; the unique index decides */
  async enqueue(manager: EntityManager, orgId: string, datasourceId: string): Promise<Wire<CrawlJob> | undefined> {
    const key: CrawlKey = { org_id: orgId, datasource_id: datasourceId, id: uuidV7() };
    const job = await this.#insert.row<Wire<CrawlJob>>(key, manager);
    if (job !== undefined) await this.jobs.enqueue(manager, CRAWL, { ...key, run: 0 });
    return job;
  }

  /** Keeps the pages read so far. @param manager of a transaction that has locked the datasource's row */
  async cancel(manager: EntityManager, orgId: string, datasourceId: string): Promise<void> {
    const sql = `SELECT id FROM crawl_jobs
      WHERE org_id = $1 AND datasource_id = $2 AND status IN ('pending', 'scraping') FOR UPDATE`;
    const [active] = (await manager.query(sql, [orgId, datasourceId])) as { id: string }[];
    if (active) await endCrawl(manager, { org_id: orgId, datasource_id: datasourceId, ...active }, 'cancelled');
  }

  /** @throws AppError not_found (404) */
  async list({ orgId }: Principal, datasourceId: string, page: PageRequest): Promise<WireJson<Page<Wire<CrawlJob>>>> {
    const found = await this.#pages.readWithin(orgId, datasourceId, page);
    if (found === undefined) throw notFound('Datasource');
    return found;
  }
}
