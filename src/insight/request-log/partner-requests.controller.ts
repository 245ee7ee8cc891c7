import { Controller, Get, Query, UseGuards } from '@nestjs/common';
import { CurrentPrincipal } from '../../access/decorators/current-principal.js';
import { ForAudience } from '../../access/decorators/for-audience.js';
import type { Principal } from '../../access/principal/principal.js';
import { AnswersPage } from '../../core/wire/answers.js';
import { Id } from '../../kit/crud/id.js';
import { OrgOwnershipGuard } from '../../tenancy/orgs/org-ownership.guard.js';
import { LoggedRequests, SHORT_PAGES } from './logged-requests.js';
import { PartnerRequestsQuery, RequestsQuery } from './request-filters.dto.js';
import { RequestView } from './request-view.dto.js';

/** The request log of a partner: its own keys, and its orgs. */
@Controller('partner/v1')
export class PartnerRequestsController {
  constructor(private readonly requests: LoggedRequests) {}

  @Get('requests')
  @ForAudience('partner')
  @AnswersPage(RequestView, 'List requests of all orgs', { description: SHORT_PAGES })
  list(@CurrentPrincipal() { partnerId }: Principal, @Query() query: PartnerRequestsQuery) {
    return this.requests.list({ partnerId }, query);
  }

  @Get('orgs/:orgId/requests')
  @ForAudience('partner')
  @AnswersPage(RequestView, 'List requests of an org', { description: SHORT_PAGES })
  @UseGuards(OrgOwnershipGuard)
  ofOrg(@Id('orgId') orgId: string, @Query() query: RequestsQuery) {
    return this.requests.list({ orgId }, query);
  }
}
