import { Controller, Delete, Get, Headers, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ForAudience } from '../../access/decorators/for-audience.js';
import { sessionOf } from '../../access/credentials/presented-credential.js';
import { unauthorized } from '../../access/credentials/unauthorized.js';
import { type Caller, CurrentCaller } from '../../kit/audit/actor.js';
import { Answers, AnswersNothing } from '../../core/wire/answers.js';
import { SessionCookie } from './session-cookie.js';
import { SessionView } from './session-view.dto.js';
import { Sessions } from './sessions.service.js';

@Controller('session')
export class SessionsController {
  constructor(
    private readonly sessions: Sessions,
    private readonly cookie: SessionCookie,
  ) {}

  @Get()
  @ForAudience('user')
  @Answers(200, SessionView, 'Who is signed in, where, as what, until when')
  async current(@Headers('cookie') cookie: string | undefined): Promise<SessionView> {
    const presented = sessionOf(cookie, this.cookie.name);
    const view = presented && (await this.sessions.view(presented.token));
    if (!view) throw unauthorized('user', true);
    return view;
  }

  @Delete()
  @ForAudience('user')
  @AnswersNothing('Sign out')
  async signOut(@CurrentCaller() caller: Caller, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    this.cookie.clear(reply);
    await this.sessions.close(caller);
  }
}
