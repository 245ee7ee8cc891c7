import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../access/principal/principal.js';
import { Database } from '../../../core/database/database.js';
import { uuidV7 } from '../../../core/database/uuid-v7.js';
import type { Values } from '../../../kit/crud/definition.js';
import { Category } from './category.entity.js';
import { InsertWithSlug } from './insert-with-slug.js';
import { slugOf } from './slug.js';
import { kit } from './categories.definition.js';
import type { Wire } from '../../../core/wire/wire-json.js';

@Injectable()
export class Categories extends kit.Service {
  readonly #insertWithSlug: InsertWithSlug;

  constructor(database: Database) {
    super(database);
    this.#insertWithSlug = new InsertWithSlug(database, this.metadata, this.row);
  }

  /** @throws AppError taken (409) for a slug that was given, not_found (404) for the help center */
  override create(principal: Principal, values: Values<Category>): Promise<Wire<Category>> {
    if (values.slug !== undefined) return super.create(principal, values);
    const row = { ...values, id: uuidV7(), org_id: principal.orgId };
    return this.mapConstraintErrors(() => this.#insertWithSlug.run(row, slugOf(values.name as string, 'category')));
  }
}
