import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database } from '../../../core/database/database.js';
import { inTransaction } from '../../../core/database/transaction.js';
import { Jobs } from '../../../core/jobs/jobs.service.js';
import { isLiveOrg } from '../../../tenancy/orgs/org-sql.js';
import { CRAWL, type CrawlKey, type CrawlRun } from './crawl.job.js';
import { endCrawl } from './crawl-end.js';
import { CrawlFrontier } from './crawl-frontier.js';
import type { CrawlJob } from './crawl-job.entity.js';
import { CrawlPage } from './crawl-page.entity.js';
import type { Datasource } from './datasource.entity.js';
import { NOTHING, pageChangeOf, type PageChange, type Tally, type Visit } from './page-change.js';
import type { Visited } from './site.js';
import type { FoundSitemaps } from './sitemaps.js';

const HOURS_MAX = 24;
const GIGABYTES_MAX = 2;
/** Bounds the crawl of a site that always answers with Retry-After. */
const PUT_OFFS_MAX = 20;

/** A crawl that is not over. */
export interface OpenCrawl {
  readonly url: string;
  readonly include_paths: readonly string[];
  readonly exclude_paths: readonly string[];
  /** Null: not fetched yet. */
  readonly robots_txt: string | null;
  /** Whether the crawl may be delayed again if the site asks for it. */
  readonly mayBePutOff: boolean;
}

export interface WaitingPage {
  readonly id: string;
  readonly url: string;
  readonly redirects: number;
}

type LockedDatasource = Pick<Datasource, 'url' | 'page_limit' | 'include_paths' | 'exclude_paths'> & {
  readonly is_archived: boolean;
};
type LockedJob = Pick<CrawlJob, 'status' | 'total_pages' | 'excluded_pages' | 'robots_txt'> & {
  readonly is_too_long: boolean;
  readonly is_too_much: boolean;
  readonly may_be_put_off: boolean;
};
interface Locked {
  readonly manager: EntityManager;
  readonly datasource: LockedDatasource;
  readonly job: LockedJob;
}

const LOCK_DATASOURCE = `
  SELECT url, page_limit, include_paths, exclude_paths,
    NOT ${isLiveOrg('crawl_datasources.org_id')} AS is_archived
  FROM crawl_datasources WHERE org_id = $1 AND id = $2 FOR NO KEY UPDATE`;
const LOCK_JOB = `
  SELECT status, total_pages, excluded_pages, robots_txt,
    started_at < now() - interval '${HOURS_MAX} hours' AS is_too_long,
    bytes_read > ${GIGABYTES_MAX}::bigint * 1024 * 1024 * 1024 AS is_too_much,
    put_offs < ${PUT_OFFS_MAX} AS may_be_put_off
  FROM crawl_jobs WHERE org_id = $1 AND id = $2 AND run = $3 AND status IN ('pending', 'scraping') FOR UPDATE`;
const OPEN_JOB = `
  UPDATE crawl_jobs SET status = 'scraping', started_at = now(), total_pages = 1, updated_at = now()
  WHERE org_id = $1 AND id = $2`;
const OPEN_DATASOURCE = `
  UPDATE crawl_datasources SET last_crawl_started_at = now(),
    next_crawl_at = now() + crawl_interval_hours * interval '1 hour'
  WHERE org_id = $1 AND id = $2`;
const COUNT = `
  UPDATE crawl_jobs SET total_pages = total_pages + $3, completed_pages = completed_pages + $4,
    new_pages = new_pages + $5, updated_pages = updated_pages + $6, unchanged_pages = unchanged_pages + $7,
    removed_pages = removed_pages + $8, excluded_pages = excluded_pages + $9, bytes_read = bytes_read + $10,
    updated_at = now()
  WHERE org_id = $1 AND id = $2`;
/** Deletes the pages that this crawl did not find. */
const SWEEP = `
  WITH swept AS (
    DELETE FROM crawl_pages WHERE org_id = $1 AND datasource_id = $2 AND crawl_id <> $3 RETURNING content_hash
  )
  UPDATE crawl_jobs SET status = 'completed', completed_at = now(), updated_at = now(), robots_txt = NULL,
    removed_pages = removed_pages + (SELECT count(content_hash) FROM swept)
  WHERE org_id = $1 AND id = $3`;
const CLOSE_DATASOURCE = `
  UPDATE crawl_datasources SET last_crawl_completed_at = now(), error_message = NULL WHERE org_id = $1 AND id = $2`;

/**
 * The state of a crawl in the database. Each step is one transaction, so that another process can resume after a crash. A
 * step of a crawl that is over, or of an earlier run, changes nothing and returns undefined or false.
 */
@Injectable()
export class CrawlSteps {
  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
  ) {}

  /** Starts or resumes the crawl. @returns undefined if it is over */
  begin(run: CrawlRun): Promise<OpenCrawl | undefined> {
    return this.#step(run, async ({ manager, datasource, job }) => {
      if (job.status === 'pending') {
        await manager.query(OPEN_JOB, [run.org_id, run.id]);
        await manager.query(OPEN_DATASOURCE, [run.org_id, run.datasource_id]);
        const start = { wanted: [datasource.url], excluded: [], redirects: 0 };
        await new CrawlFrontier(manager, run).add(start, null, { wanted: 1, excluded: 0 });
      }
      const { url, include_paths, exclude_paths } = datasource;
      const { robots_txt, may_be_put_off: mayBePutOff } = job;
      return { url, include_paths, exclude_paths, robots_txt, mayBePutOff };
    });
  }

  /** Stores robots.txt, and adds the pages of the sitemaps. */
  async keepRobotsTxt(run: CrawlRun, text: string, { links, isComplete, bytes }: FoundSitemaps): Promise<void> {
    await this.#step(run, async ({ manager, datasource, job }) => {
      await manager.query('UPDATE crawl_jobs SET robots_txt = $3 WHERE org_id = $1 AND id = $2', [
        run.org_id,
        run.id,
        text,
      ]);
      const frontier = new CrawlFrontier(manager, run);
      const room = frontier.room(datasource.page_limit, job.total_pages!, job.excluded_pages);
      const { wanted, excluded, lost } = await frontier.add(links, null, room);
      // The pages of a sitemap that can't be read now are those of the previous crawl.
      const again = isComplete ? 0 : await frontier.addFoundOn(null, room.wanted - wanted);
      await count(manager, run, { ...NOTHING, removed_pages: lost }, wanted + again, excluded, bytes);
    });
  }

  /** The next page to visit; undefined if none is left. */
  async next(
    { org_id, datasource_id }: CrawlKey,
    manager: EntityManager = this.database.manager,
  ): Promise<WaitingPage | undefined> {
    const sql = `SELECT id, url, redirects FROM crawl_pages
      WHERE org_id = $1 AND datasource_id = $2 AND is_waiting ORDER BY id LIMIT 1`;
    return ((await manager.query(sql, [org_id, datasource_id])) as WaitingPage[])[0];
  }

  /** Stores page, links and counts. @returns whether the crawl continues */
  async record(run: CrawlRun, page: WaitingPage, { visit, links, bytes }: Visited): Promise<boolean> {
    const isOn = await this.#step(run, async ({ manager, datasource, job }) => {
      const frontier = new CrawlFrontier(manager, run);
      const before = await frontier.take(page.id);
      // Another process has visited it meanwhile.
      if (before === undefined) return true;
      const change = pageChangeOf(visit, before.content_hash);
      await changePage(manager, run, page.id, visit, change);
      const room = frontier.room(
        datasource.page_limit,
        job.total_pages! + change.tally.total_pages,
        job.excluded_pages,
      );
      const added = await frontier.add(links, page.id, room);
      const removed_pages = change.tally.removed_pages + added.lost;
      const isAway = visit.kind === 'failed' && !visit.isGone;
      // Its links are unknown now, so those of the previous crawl are kept.
      const again = isAway ? await frontier.addFoundOn(page.id, room.wanted) : 0;
      const left = visit.kind === 'excluded' ? 1 : 0;
      await count(manager, run, { ...change.tally, removed_pages }, added.wanted + again, added.excluded + left, bytes);
      if (visit.kind !== 'failed' || page.url !== datasource.url) return true;
      await endCrawl(manager, run, 'failed', `${page.url}: ${visit.why}`);
      return false;
    });
    return isOn === true;
  }

  /** Completes the crawl if no page is left, and deletes the pages that it did not find. @returns whether it continues */
  async finish(run: CrawlRun): Promise<boolean> {
    const isOn = await this.#step(run, async ({ manager }) => {
      if ((await this.next(run, manager)) !== undefined) return true;
      const why = await whyNothingWasRead(manager, run);
      if (why === undefined) {
        await manager.query(SWEEP, [run.org_id, run.datasource_id, run.id]);
        await manager.query(CLOSE_DATASOURCE, [run.org_id, run.datasource_id]);
      } else await endCrawl(manager, run, 'failed', why);
      return false;
    });
    return isOn === true;
  }

  async fail(run: CrawlRun, message: string): Promise<void> {
    await this.#step(run, ({ manager }) => endCrawl(manager, run, 'failed', message));
  }

  /** Enqueues the next run, once per run. @param after when the site asks to wait */
  async handOver({ run, ...key }: CrawlRun, after?: Date): Promise<void> {
    await this.#step({ ...key, run }, async ({ manager }) => {
      const sql = 'UPDATE crawl_jobs SET run = run + 1, put_offs = put_offs + $3 WHERE org_id = $1 AND id = $2';
      await manager.query(sql, [key.org_id, key.id, after ? 1 : 0]);
      await this.jobs.enqueue(manager, CRAWL, { ...key, run: run + 1 }, { after });
    });
  }

  /** @returns undefined if the crawl is over or has a later run */
  async #step<T>(run: CrawlRun, work: (locked: Locked) => Promise<T>): Promise<T | undefined> {
    return inTransaction(this.database.dataSource, async (manager) => {
      const values = [run.org_id, run.datasource_id];
      // Serializes with the deletion of the datasource.
      const [datasource] = (await manager.query(LOCK_DATASOURCE, values)) as LockedDatasource[];
      if (datasource === undefined) return undefined;
      const [job] = (await manager.query(LOCK_JOB, [run.org_id, run.id, run.run])) as LockedJob[];
      if (job === undefined) return undefined;
      const end = endOf(datasource, job);
      if (end === undefined) return work({ manager, datasource, job });
      await endCrawl(manager, run, ...end);
      return undefined;
    });
  }
}

/** The status and reason with which a crawl must stop now; undefined if it may continue. */
function endOf({ is_archived }: LockedDatasource, job: LockedJob): ['failed' | 'cancelled', string] | undefined {
  if (is_archived) return ['cancelled', 'The organization was archived.'];
  if (job.is_too_long) return ['failed', `It took more than ${HOURS_MAX} hours; what was read until then is kept.`];
  if (job.is_too_much) return ['failed', `It read more than ${GIGABYTES_MAX} GB; what was read until then is kept.`];
  return undefined;
}

async function changePage(
  manager: EntityManager,
  { org_id }: CrawlKey,
  id: string,
  visit: Visit,
  { status, error_message, text }: PageChange,
): Promise<void> {
  const values = {
    is_waiting: false,
    status,
    error_message,
    ...(visit.kind === 'read' && { last_synced_at: new Date() }),
    ...(text === 'none' && { title: null, content: null, content_hash: null }),
  };
  const isNew = text === 'new' && visit.kind === 'read';
  const read = isNew && { title: visit.title, content: visit.text, content_hash: visit.hash };
  await manager.update(CrawlPage, { org_id, id }, { ...values, ...read });
}

async function count(
  manager: EntityManager,
  { org_id, id }: CrawlKey,
  tally: Tally,
  taken: number,
  excluded: number,
  bytes: number,
): Promise<void> {
  const { total_pages, completed_pages, new_pages, updated_pages, unchanged_pages, removed_pages } = tally;
  const pages = [total_pages + taken, completed_pages, new_pages, updated_pages, unchanged_pages, removed_pages];
  await manager.query(COUNT, [org_id, id, ...pages, excluded, bytes]);
}

/** Undefined if a page was read. An unreachable site must not lose all of its pages. */
async function whyNothingWasRead(manager: EntityManager, run: CrawlKey): Promise<string | undefined> {
  const sql = `
    SELECT url, error_message FROM crawl_pages
    WHERE org_id = $1 AND datasource_id = $2 AND crawl_id = $3
      AND EXISTS (SELECT FROM crawl_jobs WHERE org_id = $1 AND id = $3
        AND new_pages + updated_pages + unchanged_pages = 0)
    ORDER BY status = 'error' DESC, id LIMIT 1`;
  const pages = (await manager.query(sql, [run.org_id, run.datasource_id, run.id])) as CrawlPage[];
  return pages[0] && `${pages[0].url}: ${pages[0].error_message ?? ''}`;
}
