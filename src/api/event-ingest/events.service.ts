import { Injectable } from '@nestjs/common';
import { IsIn } from 'class-validator';
import type { Principal } from '../../access/principal/principal.js';
import { Database } from '../../core/database/database.js';
import type { PreparedInsert } from '../../core/database/fast-lane/fast-lane.js';
import { rowAsJson } from '../../core/database/row-as-json.js';
import { uuidV7 } from '../../core/database/uuid-v7.js';
import { fromTo } from '../../kit/lists/date-range.js';
import { equals, type Filters } from '../../kit/lists/filters.js';
import type { PageRequest } from '../../kit/lists/list-queries.js';
import { PreparedPages } from '../../kit/lists/prepared-pages.js';
import { Months } from '../../kit/retention/months.js';
import { Text } from '../../core/validation/decorators.js';
import type { PostedEvent, PostEventDto } from './event.dto.js';
import { EVENT_TYPES, TypedEvent } from './event.entity.js';
import type { Page, Wire, WireJson } from '../../core/wire/wire-json.js';

export const EVENT_FILTERS: Filters = {
  type: equals('type', IsIn(EVENT_TYPES)),
  event: equals('event', Text(1, 100)),
  ...fromTo('occurred_at'),
};

/** Events posted with typed keys [S4]. */
@Injectable()
export class Events {
  readonly #insert: PreparedInsert;
  readonly #pages: PreparedPages<TypedEvent>;

  constructor(
    database: Database,
    private readonly months: Months,
  ) {
    const metadata = database.dataSource.getMetadata(TypedEvent);
    this.#insert = database.inserts.prepare('events.insert', metadata, 'RETURNING id::text AS text');
    this.#pages = new PreparedPages(database, { table: 'events', item: rowAsJson(metadata), filters: EVENT_FILTERS });
  }

  /** Stores an event with the type of the key. */
  async post({ id: api_key_id, orgId, profile }: Principal, dto: PostEventDto): Promise<PostedEvent> {
    const { event, agent_id, crm_id, data, occurred_at } = dto;
    const id = uuidV7();
    await this.months.assureFor([Date.now()]);
    await this.#insert.run({
      id,
      org_id: orgId,
      api_key_id,
      type: profile!.type,
      event,
      agent_id,
      crm_id,
      data: data ?? undefined,
      occurred_at: new Date(occurred_at ?? Date.now()),
    });
    return { id };
  }

  list(orgId: string, page: PageRequest): Promise<WireJson<Page<Wire<TypedEvent>>>> {
    return this.#pages.read(orgId, page);
  }
}
