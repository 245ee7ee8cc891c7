import { Controller, Get, Query } from '@nestjs/common';
import { CurrentPrincipal } from '../../../access/decorators/current-principal.js';
import { RequireScope } from '../../../access/decorators/require-scope.js';
import type { Principal } from '../../../access/principal/principal.js';
import { DateRangeQuery } from '../../../kit/lists/date-range.js';
import { ListQueries, type PageRequest } from '../../../kit/lists/list-queries.js';
import { Answers, AnswersPage } from '../../../core/wire/answers.js';
import { HandoffAnalyticsReport, HandoffEvent } from './handoff-analytics.dto.js';
import { HANDOFF_FILTERS, HandoffAnalytics } from './handoff-analytics.service.js';
import { ReadQuery } from '../../../core/wire/query-reader.js';

const queries = new ListQueries(HANDOFF_FILTERS);

@Controller('handoff-analytics')
export class HandoffAnalyticsController {
  constructor(private readonly analytics: HandoffAnalytics) {}

  @Get()
  @RequireScope('handoff-analytics', 'read')
  @Answers(200, HandoffAnalyticsReport, 'Report on handoffs')
  report(@CurrentPrincipal() principal: Principal, @Query() range: DateRangeQuery) {
    return this.analytics.report(principal, range);
  }

  @Get('events')
  @RequireScope('handoff-analytics', 'read')
  @AnswersPage(HandoffEvent, 'List handoffs')
  events(@CurrentPrincipal() principal: Principal, @ReadQuery(queries) page: PageRequest) {
    return this.analytics.events(principal, page);
  }
}
