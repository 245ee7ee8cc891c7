import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../access/principal/principal.js';
import { Database } from '../../../core/database/database.js';
import { BulkUpsert } from '../../../kit/bulk-upsert/bulk-upsert.js';
import type { BulkResult } from '../../../kit/bulk-upsert/bulk-upsert.dto.js';
import { LEAD_ROWS } from './lead-rows.js';
import { kit } from './leads.definition.js';

@Injectable()
export class Leads extends kit.Service {
  readonly #bulk = new BulkUpsert(this.database, LEAD_ROWS);

  constructor(database: Database) {
    super(database);
  }

  /**
   * Creates and updates leads, each matched by its e-mail address, else by its phone number. A row that isn't valid, or
   * conflicts, fails alone.
   */
  upsert({ orgId }: Principal, leads: readonly object[]): Promise<BulkResult> {
    return this.#bulk.run(orgId, leads);
  }
}
