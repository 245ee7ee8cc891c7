import { Body, Controller, HttpCode, Options, Post, Req, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CurrentPrincipal } from '../../access/decorators/current-principal.js';
import { ForAudience, Public } from '../../access/decorators/for-audience.js';
import type { Principal } from '../../access/principal/principal.js';
import { Answers, NotInDocument } from '../../core/wire/answers.js';
import { BrowserAnswers } from './browser-answers.js';
import { PostedEvent, PostEventDto } from './event.dto.js';
import { Events } from './events.service.js';

/** What typed keys are for [seed 004]. */
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
  post(@CurrentPrincipal() principal: Principal, @Body() event: PostEventDto): Promise<PostedEvent> {
    return this.events.post(principal, event);
  }

  @Options()
  @HttpCode(204)
  @RouteConfig({ isForBrowsers: true })
  @Public('browsers ask it before they send the key')
  @NotInDocument('browsers ask it by themselves')
  async preflight(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    reply.headers(await this.browsers.preflight(request));
  }
}
