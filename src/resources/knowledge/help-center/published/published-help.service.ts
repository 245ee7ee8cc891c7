import { Injectable } from '@nestjs/common';
import { Database } from '../../../../core/database/database.js';
import type { PreparedRead } from '../../../../core/database/fast-lane/fast-lane.js';
import { notFound } from '../../../../core/errors/core-errors.js';
import { canonicalDomain } from '../../../../core/validation/address.js';
import { Text } from '../../../../core/validation/decorators.js';
import { rowId } from '../../../../core/wire/row-id.js';
import type { Page, Wire, WireJson } from '../../../../core/wire/wire-json.js';
import type { Filters } from '../../../../kit/lists/filters.js';
import type { PageRequest } from '../../../../kit/lists/list-queries.js';
import { PreparedPages } from '../../../../kit/lists/prepared-pages.js';
import { isLiveOrg } from '../../../../tenancy/orgs/org-sql.js';
import type {
  PublishedArticle,
  PublishedCategory,
  PublishedCenter,
  PublishedSummary,
} from './published-article.dto.js';
import { ARTICLE, centerSql, CONTENTS, isBestIn, isPublished, SUMMARY } from './published-sql.js';

/** Why the routes need no credential. */
export const PUBLISHED = 'readers of a help center have no key, and only published articles are shown';
export const OF_READERS = { resources: ['help-center'], addressWindow: 'help-center-min' } as const;
/** For how long readers and proxies may keep what is published, also after it was unpublished. */
export const CACHE_CONTROL = 'public, max-age=60';

export const PUBLISHED_FILTERS: Filters = {
  language: { rules: [Text(1, 35)], condition: isBestIn },
  category: {
    rules: [Text(1, 100)],
    condition: (slug, org) =>
      `category_id = (SELECT id FROM help_center_categories WHERE org_id = ${org} AND slug = ${slug})`,
  },
};

/** A help center, as readers see it, and its org. */
export interface FoundCenter {
  readonly orgId: string;
  readonly center: Wire<PublishedCenter>;
}

export interface CategoryContents extends Pick<PublishedCategory, 'name' | 'description' | 'icon'> {
  readonly articles: readonly Pick<PublishedSummary, 'slug' | 'title' | 'description' | 'language'>[];
}

/** What everyone may read of help centers. */
@Injectable()
export class PublishedHelp {
  readonly #byId: PreparedRead;
  readonly #byDomain: PreparedRead;
  readonly #article: PreparedRead;
  readonly #contents: PreparedRead;
  readonly #pages: PreparedPages<PublishedSummary>;

  constructor(database: Database) {
    const { reads, slowReads } = database;
    const isLive = isLiveOrg('help_centers.org_id');
    this.#byId = reads.prepare('published_centers.by_id', `${centerSql('id')} AND ${isLive}`);
    this.#byDomain = reads.prepare('published_centers.by_domain', `${centerSql('custom_domain')} AND ${isLive}`);
    this.#article = reads.prepare('published_articles.read', ARTICLE);
    this.#contents = slowReads.prepare('published_articles.contents', CONTENTS);
    this.#pages = new PreparedPages(database, {
      table: 'help_center_articles',
      name: 'published_articles',
      item: SUMMARY,
      filters: PUBLISHED_FILTERS,
      where: isPublished(),
      isSlow: true,
    });
  }

  /** @param name id or custom domain @throws AppError not_found (404) */
  async center(name: string): Promise<FoundCenter> {
    return (await this.findCenter(name)) ?? missing('Help center');
  }

  /** @param name id or custom domain */
  async findCenter(name: string): Promise<FoundCenter | undefined> {
    const domain = canonicalDomain(name);
    const read = domain === undefined ? this.#byId : this.#byDomain;
    const found = await read.json<FoundCenter['center'] & { org_id: string }>([domain ?? rowId(name)]);
    if (found === undefined) return undefined;
    const { org_id: orgId, ...center } = found.parse();
    return { orgId, center };
  }

  list({ orgId }: FoundCenter, page: PageRequest): Promise<WireJson<Page<Wire<PublishedSummary>>>> {
    return this.#pages.read(orgId, page);
  }

  /** @throws AppError not_found (404) */
  async read(center: FoundCenter, slug: string): Promise<WireJson<Wire<PublishedArticle>>> {
    return (await this.find(center, slug)) ?? missing('Article');
  }

  find({ orgId }: FoundCenter, slug: string): Promise<WireJson<Wire<PublishedArticle>> | undefined> {
    return this.#article.json([orgId, slug]);
  }

  /** The articles by category, each in the language, or in the primary language if it isn't translated. */
  async contents({ orgId }: FoundCenter, language: string): Promise<readonly CategoryContents[]> {
    return (await this.#contents.json<readonly CategoryContents[]>([orgId, language]))!.parse();
  }
}

function missing(what: string): never {
  throw notFound(what);
}
