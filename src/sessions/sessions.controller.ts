import { Controller, Delete, Get, HttpCode, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CurrentPrincipal } from '../access/decorators/current-principal.js';
import { ForAudience } from '../access/decorators/route-policy.js';
import { sessionOf } from '../access/presented-credential.js';
import type { Principal } from '../access/principal.js';
import { unauthorized } from '../access/unauthorized.js';
import { SessionCookie } from './session-cookie.js';
import { Sessions, type SessionView } from './sessions.service.js';

@Controller('session')
export class SessionsController {
  constructor(
    private readonly sessions: Sessions,
    private readonly cookie: SessionCookie,
  ) {}

  /** Who is signed in, where, as what, until when. */
  @Get()
  @ForAudience('user')
  async current(@Req() request: FastifyRequest): Promise<SessionView> {
    const presented = sessionOf(request.headers.cookie, this.cookie.name);
    const view = presented && (await this.sessions.view(presented.token));
    if (!view) throw unauthorized('user', true);
    return view;
  }

  /** Signs out. */
  @Delete()
  @HttpCode(204)
  @ForAudience('user')
  async signOut(
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    this.cookie.clear(reply);
    await this.sessions.close(principal.id);
  }
}
