import { Controller, Get, Query } from '@nestjs/common';
import { CurrentPrincipal } from '../../../access/decorators/current-principal.js';
import { RequireScope } from '../../../access/decorators/require-scope.js';
import type { Principal } from '../../../access/principal/principal.js';
import { Answers } from '../../../core/wire/answers.js';
import { SlaAnalyticsQuery, SlaReport } from './sla-analytics.dto.js';
import { SlaAnalytics } from './sla-analytics.service.js';

@Controller('sla/analytics')
export class SlaAnalyticsController {
  constructor(private readonly analytics: SlaAnalytics) {}

  @Get()
  @RequireScope('sla-analytics', 'read')
  @Answers(200, SlaReport, 'Report on how SLA policies are kept')
  report(@CurrentPrincipal() principal: Principal, @Query() query: SlaAnalyticsQuery) {
    return this.analytics.report(principal, query);
  }
}
