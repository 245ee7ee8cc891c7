import { Controller, Get, Query } from '@nestjs/common';
import { CurrentPrincipal } from '../../access/decorators/current-principal.js';
import { RequireRole } from '../../access/decorators/require-role.js';
import type { Principal } from '../../access/principal/principal.js';
import { Answers } from '../../core/wire/answers.js';
import { KeyOverview, KeyOverviewQuery } from './key-overview.dto.js';
import { KeyOverviews } from './key-overview.service.js';

/** All keys of an org in one answer, for lists that sort and filter on the client. */
@Controller('manage/v1/api-keys')
export class KeyOverviewController {
  constructor(private readonly overviews: KeyOverviews) {}

  @Get('overview')
  @RequireRole('Member')
  @Answers(200, KeyOverview, 'All API keys with their usage and findings')
  read(@CurrentPrincipal() { orgId }: Principal, @Query() query: KeyOverviewQuery) {
    return this.overviews.read(orgId, query);
  }
}
