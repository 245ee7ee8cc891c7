import { Controller, Get, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CurrentPrincipal } from '../../access/decorators/current-principal.js';
import { RequireRole } from '../../access/decorators/require-role.js';
import type { Principal } from '../../access/principal/principal.js';
import { TypedEvent } from '../event-ingest/event.entity.js';
import { EVENT_FILTERS, Events } from '../event-ingest/events.service.js';
import { ListQueries } from '../../kit/lists/list-queries.js';
import { sendJson } from '../../kit/crud/send-json.js';
import { AnswersPage } from '../../core/wire/answers.js';

const queries = new ListQueries(EVENT_FILTERS);

/** What the org's typed keys have posted [seed 004]. */
@Controller('manage/v1/events')
export class ManageEventsController {
  constructor(private readonly events: Events) {}

  @Get()
  @RequireRole('Member')
  @AnswersPage(TypedEvent, 'List events', { query: queries.dto })
  async list(@CurrentPrincipal() { orgId }: Principal, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    sendJson(reply, await this.events.list(orgId, queries.judge(request)));
  }
}
