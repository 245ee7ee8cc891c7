import { Controller, Get, Query } from '@nestjs/common';
import { ForAudience } from '../../access/decorators/for-audience.js';
import { AnswersPage } from '../../core/wire/answers.js';
import { LoggedRequests, SHORT_PAGES } from './logged-requests.js';
import { OperatorRequestsQuery } from './request-filters.dto.js';
import { RequestView } from './request-view.dto.js';

/** The request log of the installation, with the requests that had no known key. */
@Controller('operator/v1/requests')
export class OperatorRequestsController {
  constructor(private readonly requests: LoggedRequests) {}

  @Get()
  @ForAudience('operator')
  @AnswersPage(RequestView, 'List all requests', { description: SHORT_PAGES })
  list(@Query() query: OperatorRequestsQuery) {
    return this.requests.list('all', query);
  }
}
