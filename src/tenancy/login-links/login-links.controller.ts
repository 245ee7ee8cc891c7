import { Body, Controller, Get, Inject, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AuthFailures } from '../../access/credentials/auth-failures.js';
import { isToken64Hex } from '../../access/credentials/credential-format.js';
import { Public } from '../../access/decorators/for-audience.js';
import { OwnOrigin } from '../../access/network/own-origin.js';
import { sessionOf } from '../../access/credentials/presented-credential.js';
import { unauthorized } from '../../access/credentials/unauthorized.js';
import { CONFIG, type Config } from '../../core/config/config.js';
import { PAGE_HEADERS } from '../../core/http/pages.js';
import { SessionCookie } from '../sessions/session-cookie.js';
import { SessionView } from '../sessions/session-view.dto.js';
import { Sessions } from '../sessions/sessions.service.js';
import { Answers, PAGE } from '../../core/wire/answers.js';
import { LimitsBody } from '../../core/wire/body-limit.js';
import { decideVisit } from './decide-visit.js';
import { UseLoginLinkDto } from './login-link.dto.js';
import type { LoginLink } from './login-link.entity.js';
import { LoginLinks, type Visit } from './login-links.service.js';
import { confirmPage, SPENT_PAGE, SUSPENDED_PAGE } from './login-page.js';

/** A token, with room for JSON formatting. */
const LINK_BODY_BYTES_MAX = 4 * 1024;

/** The target of login links. */
@Controller()
export class LoginLinksController {
  constructor(
    private readonly loginLinks: LoginLinks,
    private readonly sessions: Sessions,
    private readonly cookie: SessionCookie,
    private readonly ownOrigin: OwnOrigin,
    private readonly failures: AuthFailures,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get('partner-login')
  @Public('the link itself is the credential')
  @Answers(200, PAGE, 'Follow a login link', {
    description:
      '303 to the dashboard, signed in; or a page with one button; or (410) one that says the link is spent, or the org suspended.',
    also: { 303: undefined, 410: PAGE },
    refusals: [409, 429, 503],
  })
  async visit(
    @Query('token') token: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    reply.headers(PAGE_HEADERS);
    const link = await this.#attempt(
      request,
      token,
      async (given) => (await this.loginLinks.findUsable(given)) ?? this.#reopened(request, given),
    );
    if (!link) return reply.code(410).send(SPENT_PAGE);
    if (link === 'reopened') return this.#toDashboard(reply, '/');
    if (await this.loginLinks.isOrgSuspended(link)) return reply.code(410).send(SUSPENDED_PAGE);
    const signedIn = await this.#signedIn(request);
    if ((await this.#decide(request, link, signedIn)) === 'confirm') {
      if (!signedIn) return reply.send(confirmPage(link.path));
      const toOrg = await this.loginLinks.orgNameOf(link);
      return reply.send(confirmPage(link.path, { from: signedIn, toOrg, toEmail: link.email }));
    }
    const session = await this.loginLinks.consume(token as string, this.#visitOf(request));
    if (session === undefined) return reply.code(410).send(SPENT_PAGE);
    this.cookie.give(reply, session);
    return this.#toDashboard(reply, link.path ?? '/');
  }

  @Post('session/login-link')
  @Public('the link itself is the credential')
  @LimitsBody(LINK_BODY_BYTES_MAX)
  @Answers(200, SessionView, 'Sign in with a login link', {
    description:
      "What the page's one button does, for clients without a browser: the answer sets the session's cookie.",
    refusals: [401, 403, 409, 429, 503],
  })
  async signIn(
    @Body() { token }: UseLoginLinkDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SessionView> {
    this.ownOrigin.assertNotForeign(request);
    const session = await this.#attempt(request, token, (given) =>
      this.loginLinks.consume(given, this.#visitOf(request)),
    );
    const view = session && (await this.sessions.view(session));
    if (!view) throw unauthorized('user', true);
    this.cookie.give(reply, session);
    reply.header('Cache-Control', 'no-store');
    return view;
  }

  /** Undefined: unknown link. A look-up costs a statement, so an unknown link counts as failed authentication. */
  async #attempt<T>(
    request: FastifyRequest,
    token: unknown,
    use: (token: string) => Promise<T | undefined>,
  ): Promise<T | undefined> {
    if (typeof token !== 'string' || !isToken64Hex(token)) return undefined;
    return this.failures.attempt(
      request.client.network,
      () => use(token),
      (result) => result === undefined,
    );
  }

  /** A used link in the browser that it signed in, opened from the history or by a reload. */
  async #reopened(request: FastifyRequest, token: string): Promise<'reopened' | undefined> {
    const presented = this.#presented(request);
    return presented !== undefined && (await this.sessions.isOpenedBy(presented, token)) ? 'reopened' : undefined;
  }

  /** @param path below `/dashboard` */
  #toDashboard(reply: FastifyReply, path: string): FastifyReply {
    return reply.redirect(`${this.config.dashboardUrl}/dashboard${path}`, 303);
  }

  async #signedIn(request: FastifyRequest): Promise<SessionView | undefined> {
    const presented = this.#presented(request);
    return presented === undefined ? undefined : this.sessions.view(presented);
  }

  async #decide(
    { method, headers }: FastifyRequest,
    link: LoginLink,
    signedIn?: SessionView,
  ): Promise<'sign-in' | 'confirm'> {
    return decideVisit({
      method,
      headers,
      signedIn: signedIn && { email: signedIn.user.email, orgId: signedIn.org.id },
      link: { email: link.email, orgId: link.org_id },
      alwaysConfirm: await this.loginLinks.asksForClick(link),
    });
  }

  #visitOf(request: FastifyRequest): Visit {
    return { ip: request.client.address ?? null, requestId: request.id, presentedSession: this.#presented(request) };
  }

  #presented(request: FastifyRequest): string | undefined {
    return sessionOf(request.headers.cookie, this.cookie.name)?.token;
  }
}
