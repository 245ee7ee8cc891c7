import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Principal } from '../../../access/principal/principal.js';
import { CONFIG, type Config } from '../../../core/config/config.js';
import { Database } from '../../../core/database/database.js';
import type { PreparedRead } from '../../../core/database/fast-lane/fast-lane.js';
import { rowAsJson } from '../../../core/database/row-as-json.js';
import { inTransaction } from '../../../core/database/transaction.js';
import { uuidV7 } from '../../../core/database/uuid-v7.js';
import { coreErrors } from '../../../core/errors/core-errors.js';
import { lockOrgForCount } from '../../../tenancy/orgs/orgs.service.js';
import { canonicalUrl } from './canonical-url.js';
import type { CreateDatasourceDto, UpdateDatasourceDto, DatasourceDetails } from './crawl.dto.js';
import { CrawlJob } from './crawl-job.entity.js';
import { PAGE_STATUSES } from './crawl-page.entity.js';
import { Crawls } from './crawls.service.js';
import { Datasource } from './datasource.entity.js';
import { kit } from './datasources.definition.js';
import { type Wire, WireJson } from '../../../core/wire/wire-json.js';

const HOUR_MS = 3_600_000;

const PAGE_STATS = `
  SELECT json_build_object('total', count(*), ${PAGE_STATUSES.map(
    (status) => `'${status}', count(*) FILTER (WHERE status = '${status}')`,
  ).join(', ')})
  FROM crawl_pages WHERE org_id = crawl_datasources.org_id AND datasource_id = crawl_datasources.id`;

const activeJobSql = (job: string) => `
  SELECT ${job}::json FROM crawl_jobs
  WHERE org_id = crawl_datasources.org_id AND datasource_id = crawl_datasources.id
    AND status IN ('pending', 'scraping')`;

const SET_DUE = `
  UPDATE crawl_datasources
  SET next_crawl_at = coalesce(last_crawl_started_at, created_at) + crawl_interval_hours * interval '1 hour'
  WHERE org_id = $1 AND id = $2`;

@Injectable()
export class Datasources extends kit.Service {
  readonly #details: PreparedRead;

  constructor(
    database: Database,
    private readonly crawls: Crawls,
    @Inject(CONFIG) private readonly config: Pick<Config, 'totals'>,
  ) {
    super(database);
    const job = rowAsJson(database.dataSource.getMetadata(CrawlJob));
    const details = rowAsJson(this.metadata, { page_stats: PAGE_STATS, active_crawl_job: activeJobSql(job) });
    const sql = `SELECT ${details} FROM crawl_datasources WHERE org_id = $1 AND id = $2`;
    // Slow: it counts the pages.
    this.#details = database.slowReads.prepare('crawl_datasources.details', sql);
  }

  /** @throws AppError not_found (404) */
  async details({ orgId }: Principal, id: string): Promise<WireJson<Wire<DatasourceDetails>>> {
    return (await this.#details.json<Wire<DatasourceDetails>>([orgId!, id])) ?? this.notFound();
  }

  /** @throws AppError limit_reached (409), taken (409) if the org has this canonical URL already */
  async add({ orgId }: Principal, { auto_start_crawl, ...dto }: CreateDatasourceDto): Promise<Wire<Datasource>> {
    const url = canonicalUrl(dto.url)!;
    const display_name = dto.display_name ?? new URL(url).hostname.slice(0, 100);
    const hours = dto.crawl_interval_hours;
    const next_crawl_at = hours === null ? null : new Date(Date.now() + hours * HOUR_MS);
    const row = { ...dto, id: uuidV7(), org_id: orgId!, url, display_name, next_crawl_at };
    return inTransaction(this.database.dataSource, async (manager) => {
      await this.#assertRoom(manager, row.org_id);
      const added = await this.insert(row, manager);
      if (auto_start_crawl) await this.crawls.enqueue(manager, row.org_id, row.id);
      return added;
    });
  }

  /** Locks the org's row, so that concurrent calls cannot exceed the limit. */
  async #assertRoom(manager: EntityManager, org_id: string): Promise<void> {
    await lockOrgForCount(manager, org_id);
    const max = this.config.totals.datasourcesPerOrg;
    const count = await manager.countBy(Datasource, { org_id });
    if (count >= max) throw coreErrors.limit_reached({ max: max, what: 'datasources' });
  }

  /** @throws AppError not_found (404) */
  async change(principal: Principal, id: string, dto: UpdateDatasourceDto): Promise<Wire<Datasource>> {
    return inTransaction(this.database.dataSource, async (manager) => {
      const changed = await this.update(principal, id, { ...dto }, manager);
      if (dto.crawl_interval_hours !== undefined) await manager.query(SET_DUE, [principal.orgId, id]);
      if (dto.status === 'paused') await this.crawls.cancel(manager, principal.orgId!, id);
      return changed;
    });
  }
}
