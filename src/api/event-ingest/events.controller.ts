import { Body, Controller, Headers, HttpCode, Options, Post } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { CurrentClient } from '../../access/decorators/current-client.js';
import { CurrentPrincipal } from '../../access/decorators/current-principal.js';
import { ForAudience, Public } from '../../access/decorators/for-audience.js';
import type { Client } from '../../access/network/client-ip.js';
import type { Principal } from '../../access/principal/principal.js';
import { Answer } from '../../core/wire/answer.js';
import { Answers, NotInDocument } from '../../core/wire/answers.js';
import { Idempotent } from '../../kit/idempotency/idempotent.js';
import { BrowserAnswers } from './browser-answers.js';
import { PostedEvent, PostEventDto } from './event.dto.js';
import { Events } from './events.service.js';

/** Event ingestion with typed keys [S4]. */
@Controller('events')
export class EventsController {
  constructor(
    private readonly events: Events,
    private readonly browsers: BrowserAnswers,
  ) {}

  @Post()
  @RouteConfig({ isForBrowsers: true })
  @ForAudience('event')
  @Answers(202, PostedEvent, 'Post an event')
  @Idempotent()
  post(@CurrentPrincipal() principal: Principal, @Body() event: PostEventDto): Promise<PostedEvent> {
    return this.events.post(principal, event);
  }

  @Options()
  @HttpCode(204)
  @RouteConfig({ isForBrowsers: true })
  @Public('browsers send a preflight without the key')
  @NotInDocument('browsers ask it by themselves')
  async preflight(@Headers('origin') origin: string | undefined, @CurrentClient() client: Client): Promise<Answer> {
    return new Answer(undefined, { headers: await this.browsers.preflight(origin, client) });
  }
}
