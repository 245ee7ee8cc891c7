import { randomBytes } from 'node:crypto';
import type { EntityMetadata } from 'typeorm';
import type { Database } from '../../../core/database/database.js';
import type { PreparedInsert } from '../../../core/database/fast-lane/fast-lane.js';
import type { JsonText } from '../../../kit/crud/resource-service.js';

/** Who has more of the same title doesn't read the numbers. */
const NUMBERS_MAX = 20;

/** Rows whose slug nobody has given: the first one that is free is taken, also where several are made at once. */
export class InsertWithSlug {
  readonly #insert: PreparedInsert;

  /** @param row SQL for one row of the table as JSON */
  constructor(database: Database, metadata: EntityMetadata, row: string) {
    const { tableName } = metadata;
    // No error, which would end the transaction that it may be in.
    const ending = `ON CONFLICT (org_id, slug) DO NOTHING RETURNING ${row} AS text`;
    this.#insert = database.inserts.prepare(`${tableName}.derived`, metadata, ending);
  }

  /** `refunds`, `refunds-2`, …; after some of them a random end. */
  async run(values: object, slug: string): Promise<JsonText> {
    for (let number = 1; ; number++) {
      const end = number <= NUMBERS_MAX ? `${number}` : randomBytes(4).toString('hex');
      const text = await this.#insert.run({ ...values, slug: number === 1 ? slug : `${slug}-${end}` });
      if (typeof text === 'string') return text;
    }
  }
}
