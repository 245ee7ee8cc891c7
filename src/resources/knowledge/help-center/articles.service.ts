import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../access/principal/principal.js';
import { Database } from '../../../core/database/database.js';
import { uuidV7 } from '../../../core/database/uuid-v7.js';
import { coreErrors } from '../../../core/errors/core-errors.js';
import type { Values } from '../../../kit/crud/definition.js';
import { Article } from './article.entity.js';
import { HelpCenters } from './help-center.service.js';
import { InsertWithSlug } from './insert-with-slug.js';
import { slugOf } from './slug.js';
import { kit } from './articles.definition.js';
import type { Wire } from '../../../core/wire/wire-json.js';

@Injectable()
export class Articles extends kit.Service {
  readonly #insertWithSlug: InsertWithSlug;

  constructor(
    database: Database,
    private readonly centers: HelpCenters,
  ) {
    super(database);
    this.#insertWithSlug = new InsertWithSlug(database, this.metadata, this.row);
  }

  /**
   * @throws AppError taken (409) for a slug or a translation, not_found (404) for help center, category or original,
   *   invalid_request (400) for a language that the help center doesn't have
   */
  override async create(principal: Principal, values: Values<Article>): Promise<Wire<Article>> {
    const language = await this.centers.languageFor(principal, values.language as string | undefined);
    const translation_of = await this.#originalOf(principal, values.translation_of as string | undefined, language);
    const row = { ...values, language, translation_of, id: uuidV7(), org_id: principal.orgId };
    if (values.slug !== undefined) return this.insert(row);
    return this.mapConstraintErrors(() => this.#insertWithSlug.run(row, slugOf(values.title as string, 'article')));
  }

  /** A translation of a translation belongs to the original, so that all of them have one original. */
  async #originalOf(principal: Principal, id: string | undefined, language: string): Promise<string | null> {
    if (id === undefined) return null;
    const named = await this.find(principal, id);
    if (named.translation_of === null && named.language !== language) return named.id;
    if (named.translation_of !== null) return this.#originalOf(principal, named.translation_of, language);
    throw coreErrors.taken({ what: 'Article', field: 'language' });
  }

  /** Idempotent: keeps `published_at`. @throws AppError not_found (404) */
  publish(principal: Principal, id: string): Promise<Wire<Article>> {
    return super.update(principal, id, { status: 'published', published_at: () => 'coalesce(published_at, now())' });
  }

  /** @throws AppError not_found (404) */
  unpublish(principal: Principal, id: string): Promise<Wire<Article>> {
    return super.update(principal, id, { status: 'draft', published_at: null });
  }
}
