import { Controller, Get, Header, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../access/decorators/route-policy.js';
import { sessionOf } from '../access/presented-credential.js';
import { SessionCookie } from '../sessions/session-cookie.js';
import { Sessions } from '../sessions/sessions.service.js';
import { NotInDocument } from '../wire/answers.js';
import { homePage, LOGIN_SCRIPT, PAGE_HEADERS, STYLE } from './pages.js';

/** The pages that people see, under a policy that runs no inline script. */
@Controller('dashboard')
export class DashboardController {
  constructor(
    private readonly sessions: Sessions,
    private readonly cookie: SessionCookie,
  ) {}

  /** Who is signed in. */
  @Get()
  @Public('says who is signed in, or how to sign in')
  @NotInDocument('a page for people')
  async home(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<FastifyReply> {
    const presented = sessionOf(request.headers.cookie, this.cookie.name);
    const session = presented && (await this.sessions.view(presented.token));
    return reply.headers(PAGE_HEADERS).send(homePage(session));
  }

  @Get('login.js')
  @Header('Content-Type', 'text/javascript; charset=utf-8')
  @Public('a static file')
  @NotInDocument('a part of the page')
  loginScript(): string {
    return LOGIN_SCRIPT;
  }

  @Get('page.css')
  @Header('Content-Type', 'text/css; charset=utf-8')
  @Public('a static file')
  @NotInDocument('a part of the page')
  style(): string {
    return STYLE;
  }
}
