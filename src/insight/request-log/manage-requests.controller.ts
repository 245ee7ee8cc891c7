import { Controller, Get, Headers, Query } from '@nestjs/common';
import { CurrentPrincipal } from '../../access/decorators/current-principal.js';
import { RequireRole } from '../../access/decorators/require-role.js';
import type { Principal } from '../../access/principal/principal.js';
import { Answer } from '../../core/wire/answer.js';
import { Answers, AnswersPage } from '../../core/wire/answers.js';
import { rowId } from '../../core/wire/row-id.js';
import { Id } from '../../kit/crud/id.js';
import { KeyDirectory } from '../../tenancy/api-keys/key-directory.js';
import { LiveRequests } from './live-requests.js';
import { LoggedRequests, SHORT_PAGES } from './logged-requests.js';
import { RequestFilters, RequestsQuery, RequestSummaryQuery } from './request-filters.dto.js';
import { RequestSummaries } from './request-summary.js';
import { RequestFacets, RequestSummary, RequestView } from './request-view.dto.js';

/** Proxies must pass each event on at once. */
const EVENT_STREAM = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  'x-accel-buffering': 'no',
};

/** The request log of the org. */
@Controller('manage/v1')
export class ManageRequestsController {
  constructor(
    private readonly requests: LoggedRequests,
    private readonly summaries: RequestSummaries,
    private readonly lives: LiveRequests,
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

  @Get('requests/summary')
  @RequireRole('Member')
  @Answers(200, RequestSummary, 'Count requests over time', {
    description: 'By default those of the last 24 hours. By the hour for at most 7 days, else by the day (UTC).',
  })
  summary(@CurrentPrincipal() { orgId }: Principal, @Query() query: RequestSummaryQuery) {
    return this.summaries.summary(orgId, query);
  }

  @Get('requests/live')
  @RequireRole('Member')
  @Answers(200, { mediaType: 'text/event-stream' }, 'Follow requests', {
    description:
      'Server-sent events: `event: request`, whose data is a request and whose id is the id of the request. ' +
      'A client that reconnects with `Last-Event-ID` gets what it missed within ten minutes.',
  })
  async live(
    @CurrentPrincipal() member: Principal,
    @Query() filters: RequestFilters,
    @Headers('last-event-id') lastId?: string,
  ) {
    const stream = await this.lives.open(member, filters, lastId === undefined ? undefined : rowId(lastId));
    return new Answer(stream, { headers: EVENT_STREAM });
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
