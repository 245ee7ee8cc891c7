import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../access/principal/principal.js';
import { Database } from '../../../core/database/database.js';
import { uuidV7 } from '../../../core/database/uuid-v7.js';
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

  /** @throws AppError taken (409) for a slug that was given, not_found (404) for help center or category */
  override async create(principal: Principal, values: Values<Article>): Promise<Wire<Article>> {
    const language = await this.centers.languageOf(principal);
    const row = { ...values, language, id: uuidV7(), org_id: principal.orgId };
    if (values.slug !== undefined) return this.insert(row);
    return this.mapConstraintErrors(() => this.#insertWithSlug.run(row, slugOf(values.title as string, 'article')));
  }

  override async update(principal: Principal, id: string, values: Values<Article>): Promise<Wire<Article>> {
    return super.update(principal, id, values);
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
