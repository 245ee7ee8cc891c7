import { Controller, Get } from '@nestjs/common';
import { CurrentPrincipal } from '../../access/decorators/current-principal.js';
import { RequireRole } from '../../access/decorators/require-role.js';
import type { Principal } from '../../access/principal/principal.js';
import { TypedEvent } from '../event-ingest/event.entity.js';
import { EVENT_FILTERS, Events } from '../event-ingest/events.service.js';
import { ListQueries, type PageRequest } from '../../kit/lists/list-queries.js';
import { AnswersPage } from '../../core/wire/answers.js';
import { ReadQuery } from '../../core/wire/query-reader.js';

const queries = new ListQueries(EVENT_FILTERS);

/** Events posted with the org's typed keys [S4]. */
@Controller('manage/v1/events')
export class ManageEventsController {
  constructor(private readonly events: Events) {}

  @Get()
  @RequireRole('Member')
  @AnswersPage(TypedEvent, 'List events')
  list(@CurrentPrincipal() { orgId }: Principal, @ReadQuery(queries) page: PageRequest) {
    return this.events.list(orgId, page);
  }
}
