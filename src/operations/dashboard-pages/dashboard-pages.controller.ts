import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../../access/decorators/for-audience.js';
import { coreErrors } from '../../core/errors/core-errors.js';
import { CachedBody } from '../../core/http/cached-body.js';
import { NotInDocument } from '../../core/wire/answers.js';
import { DashboardFiles } from './dashboard-files.js';
import { LOGIN_SCRIPT, STYLE } from '../../core/http/pages.js';

const PAGE_PATH = /^\/dashboard(\/[\w-]+)*\/?$/;
/** What the sign-in page and its neighbours need; an upgrade may change them. */
const MINUTES = 'public, max-age=300';
const LOGIN = CachedBody.of({ type: 'text/javascript; charset=utf-8', cacheControl: MINUTES }, LOGIN_SCRIPT);
const PAGE_STYLE = CachedBody.of({ type: 'text/css; charset=utf-8', cacheControl: MINUTES }, STYLE);

/** The dashboard, and what the sign-in pages need. Nothing here asks the database. */
@Controller('dashboard')
export class DashboardController {
  constructor(private readonly files: DashboardFiles) {}

  @Get('login.js')
  @Public('a static file')
  @NotInDocument('a part of the page')
  loginScript(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return LOGIN.send(request, reply);
  }

  @Get('page.css')
  @Public('a static file')
  @NotInDocument('a part of the page')
  style(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return PAGE_STYLE.send(request, reply);
  }

  @Get('assets/:name')
  @Public('a static file')
  @NotInDocument('a part of the page')
  asset(@Param('name') name: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const file = this.files.asset(name);
    if (!file) throw coreErrors.route_not_found();
    return file.send(request, reply);
  }

  @Get()
  @Public('says how to sign in to who is not')
  @NotInDocument('a page for people')
  home(@Res() reply: FastifyReply): void {
    this.#send(reply);
  }

  /** Links lead to any of its pages: which one is the page's own to find out. */
  @Get('*')
  @Public('the same page')
  @NotInDocument('a page for people')
  deepLink(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    if (!isPage(request.url)) throw coreErrors.route_not_found();
    this.#send(reply);
  }

  #send(reply: FastifyReply): void {
    const { headers, html } = this.files.page();
    void reply.headers(headers).send(html);
  }
}

/** Of its pages none has a dot in its address, or anything that needs an escape. */
function isPage(url: string): boolean {
  const [path = ''] = url.split('?', 1);
  return PAGE_PATH.test(path);
}
