import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../access/principal/principal.js';
import { Database } from '../../../core/database/database.js';
import { rowAsJson } from '../../../core/database/row-as-json.js';
import { notFound } from '../../../core/errors/core-errors.js';
import type { Page, Wire, WireJson } from '../../../core/wire/wire-json.js';
import type { PageRequest } from '../../../kit/lists/list-queries.js';
import { PreparedPages } from '../../../kit/lists/prepared-pages.js';
import { SequenceContactStep } from './sequence-contact-step.entity.js';
import { OUTCOME_FILTERS, type SequenceOutcome } from './sequence-outcome.js';
import { Sequences } from './sequences.service.js';

@Injectable()
export class SequenceOutcomes {
  readonly #pages: PreparedPages<SequenceOutcome>;

  constructor(
    database: Database,
    private readonly sequences: Sequences,
  ) {
    this.#pages = new PreparedPages(database, {
      table: 'sequence_contact_steps',
      item: rowAsJson(database.dataSource.getMetadata(SequenceContactStep), { status: 'SELECT state' }),
      filters: OUTCOME_FILTERS,
      within: { table: 'sequences', column: 'sequence_id' },
    });
  }

  /** @param name id or custom_id @throws AppError not_found (404) */
  async list(principal: Principal, name: string, page: PageRequest): Promise<WireJson<Page<Wire<SequenceOutcome>>>> {
    const id = await this.sequences.idOf(principal, name);
    const outcomes = await this.#pages.readWithin(principal.orgId, id, page);
    if (outcomes === undefined) throw notFound('Sequence');
    return outcomes;
  }
}
