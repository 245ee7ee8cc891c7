import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database } from '../../../core/database/database.js';
import { inTransaction } from '../../../core/database/transaction.js';
import { Jobs } from '../../../core/jobs/jobs.service.js';
import { isLiveOrg } from '../../../tenancy/orgs/org-sql.js';
import { CRAWL_SCHEDULE } from './crawl.job.js';
import { Crawls } from './crawls.service.js';

const PER_BATCH = 100;
/** Skips locked datasources, which are being paused or deleted, and those of archived orgs. */
const DUE = `
  SELECT org_id, id FROM crawl_datasources
  WHERE status = 'active' AND next_crawl_at < now()
    AND ${isLiveOrg('crawl_datasources.org_id')}
    AND NOT EXISTS (SELECT FROM crawl_jobs
      WHERE crawl_jobs.org_id = crawl_datasources.org_id AND datasource_id = crawl_datasources.id
        AND crawl_jobs.status IN ('pending', 'scraping'))
  ORDER BY next_crawl_at LIMIT ${PER_BATCH} FOR NO KEY UPDATE SKIP LOCKED`;

/** Starts the crawls that are due. */
@Injectable()
export class CrawlSchedule implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
    private readonly crawls: Crawls,
  ) {}

  onModuleInit(): void {
    this.jobs.handle(CRAWL_SCHEDULE, { run: (_input, signal) => this.startDue(signal) });
  }

  async startDue(signal?: AbortSignal): Promise<void> {
    let started: number;
    do {
      started = await this.#startBatch();
    } while (started === PER_BATCH && !signal?.aborted);
  }

  async #startBatch(): Promise<number> {
    return inTransaction(this.database.dataSource, async (manager) => {
      const due = (await manager.query(DUE)) as { org_id: string; id: string }[];
      for (const { org_id, id } of due) await this.crawls.enqueue(manager, org_id, id);
      return due.length;
    });
  }
}
