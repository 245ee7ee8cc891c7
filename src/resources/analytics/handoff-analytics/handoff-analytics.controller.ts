import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CurrentPrincipal } from '../../../access/decorators/current-principal.js';
import { RequireScope } from '../../../access/decorators/require-scope.js';
import type { Principal } from '../../../access/principal/principal.js';
import { principalOf } from '../../../access/principal/request.js';
import { DateRangeQuery } from '../../../kit/lists/date-range.js';
import { ListQueries } from '../../../kit/lists/list-queries.js';
import { sendJson } from '../../../kit/crud/send-json.js';
import { Answers, AnswersPage } from '../../../core/wire/answers.js';
import { HandoffAnalyticsReport, HandoffEvent } from './handoff-analytics.dto.js';
import { HANDOFF_FILTERS, HandoffAnalytics } from './handoff-analytics.service.js';

const queries = new ListQueries(HANDOFF_FILTERS);

@Controller('handoff-analytics')
export class HandoffAnalyticsController {
  constructor(private readonly analytics: HandoffAnalytics) {}

  @Get()
  @RequireScope('handoff-analytics', 'read')
  @Answers(200, HandoffAnalyticsReport, 'Report on handoffs')
  async report(@CurrentPrincipal() principal: Principal, @Query() range: DateRangeQuery, @Res() reply: FastifyReply) {
    sendJson(reply, await this.analytics.report(principal, range));
  }

  @Get('events')
  @RequireScope('handoff-analytics', 'read')
  @AnswersPage(HandoffEvent, 'List handoffs', { query: queries.dto })
  async events(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    sendJson(reply, await this.analytics.events(principalOf(request), queries.judge(request)));
  }
}
