import { randomBytes } from 'node:crypto';
import type { EntityMetadata } from 'typeorm';
import type { Database } from '../../../core/database/database.js';
import type { PreparedInsert } from '../../../core/database/fast-lane/fast-lane.js';

/** After so many equal titles the suffix is random, which saves attempts. */
const NUMBERS_MAX = 20;

/** Inserts rows with a generated slug. Concurrent inserts get different slugs. */
export class InsertWithSlug {
  readonly #insert: PreparedInsert;

  /** @param row SQL for one row of the table as JSON */
  constructor(database: Database, metadata: EntityMetadata, row: string) {
    const { tableName } = metadata;
    // An error would abort a surrounding transaction.
    const ending = `ON CONFLICT (org_id, slug) DO NOTHING RETURNING ${row} AS text`;
    this.#insert = database.inserts.prepare(`${tableName}.derived`, metadata, ending);
  }

  /** Tries `refunds`, `refunds-2`, …, then random suffixes. */
  async run<Row>(values: object, slug: string): Promise<Row> {
    for (let number = 1; ; number++) {
      const end = number <= NUMBERS_MAX ? `${number}` : randomBytes(4).toString('hex');
      const row = await this.#insert.row<Row>({ ...values, slug: number === 1 ? slug : `${slug}-${end}` });
      if (row !== undefined) return row;
    }
  }
}
