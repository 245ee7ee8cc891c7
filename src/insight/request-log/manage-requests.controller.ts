import { Controller, Get, Query } from '@nestjs/common';
import { CurrentPrincipal } from '../../access/decorators/current-principal.js';
import { RequireRole } from '../../access/decorators/require-role.js';
import type { Principal } from '../../access/principal/principal.js';
import { Answer } from '../../core/wire/answer.js';
import { Answers, AnswersPage } from '../../core/wire/answers.js';
import { Id } from '../../kit/crud/id.js';
import { KeyDirectory } from '../../tenancy/api-keys/key-directory.js';
import { LoggedRequests } from './logged-requests.js';
import { RequestFilters, RequestsQuery } from './request-filters.dto.js';
import { RequestFacets, RequestView } from './request-view.dto.js';

const SHORT_PAGES =
  'A page can have fewer requests than the limit, or none, and still have a `next`: each call examines a bounded number.';

/** The request log of the org. */
@Controller('manage/v1')
export class ManageRequestsController {
  constructor(
    private readonly requests: LoggedRequests,
    private readonly keys: KeyDirectory,
  ) {}

  @Get('requests')
  @RequireRole('Member')
  @AnswersPage(RequestView, 'List requests', { description: SHORT_PAGES })
  list(@CurrentPrincipal() { orgId }: Principal, @Query() query: RequestsQuery) {
    return this.requests.list({ orgId }, query);
  }

  @Get('requests/facets')
  @RequireRole('Member')
  @Answers(200, RequestFacets, 'List what occurs in the request log')
  facets(@CurrentPrincipal() { orgId }: Principal) {
    return this.requests.facets(orgId);
  }

  @Get('requests/:id')
  @RequireRole('Member')
  @Answers(200, RequestView, 'Get a request')
  read(@CurrentPrincipal() { orgId }: Principal, @Id() id: string) {
    return this.requests.read({ orgId }, id);
  }

  @Get('requests.csv')
  @RequireRole('Member')
  @Answers(200, { mediaType: 'text/csv' }, 'Export requests')
  async csv(@CurrentPrincipal() { orgId }: Principal, @Query() filters: RequestFilters) {
    const headers = {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="requests.csv"',
    };
    return new Answer(await this.requests.csv({ orgId }, filters), { headers });
  }

  @Get('api-keys/:id/requests')
  @RequireRole('Member')
  @AnswersPage(RequestView, 'List requests of an API key', { description: SHORT_PAGES })
  async ofKey(@CurrentPrincipal() { orgId }: Principal, @Id() id: string, @Query() query: RequestsQuery) {
    await this.keys.read(orgId, id);
    return this.requests.list({ orgId }, { ...query, api_key_id: id });
  }
}
