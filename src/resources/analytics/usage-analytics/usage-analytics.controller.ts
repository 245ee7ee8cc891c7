import { Controller, Get, Query } from '@nestjs/common';
import { CurrentPrincipal } from '../../../access/decorators/current-principal.js';
import { RequireScope } from '../../../access/decorators/require-scope.js';
import type { Principal } from '../../../access/principal/principal.js';
import { Answers } from '../../../core/wire/answers.js';
import { AnalyticsOverview, AnalyticsUsage, OverviewQuery } from './usage-analytics.dto.js';
import { UsageAnalytics } from './usage-analytics.service.js';

@Controller('analytics')
export class AnalyticsController {
  constructor(private readonly analytics: UsageAnalytics) {}

  @Get('overview')
  @RequireScope('analytics', 'read')
  @Answers(200, AnalyticsOverview, 'Count calls, leads, messages and sessions')
  overview(@CurrentPrincipal() principal: Principal, @Query() query: OverviewQuery) {
    return this.analytics.overview(principal, query);
  }

  @Get('usage')
  @RequireScope('analytics', 'read')
  @Answers(200, AnalyticsUsage, "Get this month's usage")
  usage(@CurrentPrincipal() principal: Principal) {
    return this.analytics.usageOfMonth(principal);
  }
}
