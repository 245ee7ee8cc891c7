import type { EntityManager } from 'typeorm';
import { uuidV7 } from '../../../core/database/uuid-v7.js';
import type { CrawlKey } from './crawl.job.js';
import type { CrawlPage } from './crawl-page.entity.js';
import type { FoundLinks } from './site.js';

/** Limit of a datasource that sets none. */
const PAGES_MAX = 10_000;
/** Excluded pages are listed with the reason. A site can have any number of them. */
const EXCLUDED_MAX = 1_000;

/** How many more pages a crawl accepts. */
export interface Room {
  readonly wanted: number;
  readonly excluded: number;
}

/** How many pages were new to the crawl; `lost`: excluded pages whose text was deleted. */
export interface Added extends Room {
  readonly lost: number;
}

/** Adds each page once per crawl, however many links lead to it. */
const ADD = `
  INSERT INTO crawl_pages (org_id, datasource_id, crawl_id, id, url, status, is_waiting, found_on, redirects)
  SELECT $1::uuid, $2::uuid, $3::uuid, found.id, found.url, 'pending', true, $6::uuid, $7::smallint
  FROM unnest($4::uuid[], $5::text[]) AS found (id, url)
  WHERE NOT EXISTS (
    SELECT FROM crawl_pages known
    WHERE known.org_id = $1 AND known.datasource_id = $2 AND known.url = found.url AND known.crawl_id = $3)
  ORDER BY found.id LIMIT $8::int
  ON CONFLICT (org_id, datasource_id, url) DO UPDATE SET crawl_id = excluded.crawl_id, is_waiting = true,
    found_on = excluded.found_on, redirects = excluded.redirects, updated_at = now(),
    status = CASE WHEN crawl_pages.content IS NULL THEN 'pending' ELSE crawl_pages.status END
  RETURNING id`;

const LOSE = `
  UPDATE crawl_pages SET title = NULL, content = NULL, content_hash = NULL
  WHERE org_id = $1 AND datasource_id = $2 AND crawl_id <> $3 AND url = ANY ($4::text[]) AND content IS NOT NULL
  RETURNING id`;

const ADD_EXCLUDED = `
  INSERT INTO crawl_pages (org_id, datasource_id, crawl_id, id, url, status, error_message, found_on)
  SELECT $1::uuid, $2::uuid, $3::uuid, found.id, found.url, 'excluded', found.why, $7::uuid
  FROM unnest($4::uuid[], $5::text[], $6::text[]) AS found (id, url, why)
  WHERE NOT EXISTS (
    SELECT FROM crawl_pages known
    WHERE known.org_id = $1 AND known.datasource_id = $2 AND known.url = found.url AND known.crawl_id = $3)
  ORDER BY found.id LIMIT $8::int
  ON CONFLICT (org_id, datasource_id, url) DO UPDATE SET crawl_id = excluded.crawl_id, status = 'excluded',
    error_message = excluded.error_message, found_on = excluded.found_on, updated_at = now()
  RETURNING id`;

const ADD_FOUND_ON = `
  UPDATE crawl_pages SET crawl_id = $3, is_waiting = true, updated_at = now()
  WHERE org_id = $1 AND id IN (
    SELECT id FROM crawl_pages
    WHERE org_id = $1 AND datasource_id = $2 AND found_on IS NOT DISTINCT FROM $4 AND crawl_id <> $3 AND content IS NOT NULL
    ORDER BY id LIMIT $5::int)
  RETURNING id`;

/** The pages that a crawl has still to visit. @param manager of a transaction that has locked the crawl's row */
export class CrawlFrontier {
  constructor(
    private readonly manager: EntityManager,
    private readonly crawl: CrawlKey,
  ) {}

  /** An excluded page frees its place for another page, up to a bound. */
  room(pageLimit: number | null, taken: number, excluded: number): Room {
    const limit = pageLimit ?? PAGES_MAX;
    const wanted = Math.min(limit - taken, 2 * limit + EXCLUDED_MAX - taken - excluded);
    return { wanted: Math.max(0, wanted), excluded: Math.max(0, EXCLUDED_MAX - excluded) };
  }

  /** Locks a waiting page. @returns undefined if it no longer waits */
  async take(id: string): Promise<Pick<CrawlPage, 'content_hash'> | undefined> {
    const sql = 'SELECT content_hash FROM crawl_pages WHERE org_id = $1 AND id = $2 AND is_waiting FOR UPDATE';
    const [page] = (await this.manager.query(sql, [this.crawl.org_id, id])) as Pick<CrawlPage, 'content_hash'>[];
    return page;
  }

  /** Adds links in their order, as long as there is room. */
  async add({ wanted, excluded, redirects }: FoundLinks, foundOn: string | null, room: Room): Promise<Added> {
    const { org_id, datasource_id, id } = this.crawl;
    const key = [org_id, datasource_id, id];
    const counts = { wanted: 0, excluded: 0, lost: 0 };
    if (wanted.length > 0 && room.wanted > 0) {
      const rows = [wanted.map(() => uuidV7()), wanted];
      const added = (await this.manager.query(ADD, [...key, ...rows, foundOn, redirects, room.wanted])) as unknown[];
      counts.wanted = added.length;
    }
    if (excluded.length > 0) counts.lost = await this.#update(LOSE, [...key, excluded.map(({ url }) => url)]);
    if (excluded.length > 0 && room.excluded > 0) {
      const rows = [excluded.map(() => uuidV7()), excluded.map(({ url }) => url), excluded.map(({ why }) => why)];
      const added = (await this.manager.query(ADD_EXCLUDED, [...key, ...rows, foundOn, room.excluded])) as unknown[];
      counts.excluded = added.length;
    }
    return counts;
  }

  /** Adds the pages that a page, or for null a sitemap, linked to in the previous crawl. @returns how many */
  async addFoundOn(pageId: string | null, room: number): Promise<number> {
    const { org_id, datasource_id, id } = this.crawl;
    return this.#update(ADD_FOUND_ON, [org_id, datasource_id, id, pageId, room]);
  }

  async #update(sql: string, values: unknown[]): Promise<number> {
    // TypeORM returns the rows of an UPDATE and their number.
    return ((await this.manager.query(sql, values)) as [unknown, number])[1];
  }
}
