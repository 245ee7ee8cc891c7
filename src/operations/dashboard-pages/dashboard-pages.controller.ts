import { Controller, Get, Headers, Param, Req } from '@nestjs/common';
import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { Public } from '../../access/decorators/for-audience.js';
import { coreErrors } from '../../core/errors/core-errors.js';
import { CachedBody } from '../../core/http/cached-body.js';
import { Answer } from '../../core/wire/answer.js';
import { NotInDocument } from '../../core/wire/answers.js';
import { DashboardFiles } from './dashboard-files.js';
import { LOGIN_SCRIPT, STYLE } from '../../core/http/pages.js';

const PAGE_PATH = /^\/dashboard(\/[\w-]+)*\/?$/;
/** Short, because the names of these files stay the same when an upgrade changes them. */
const CACHE_CONTROL = 'public, max-age=300';
const LOGIN = CachedBody.of({ type: 'text/javascript; charset=utf-8', cacheControl: CACHE_CONTROL }, LOGIN_SCRIPT);
const PAGE_STYLE = CachedBody.of({ type: 'text/css; charset=utf-8', cacheControl: CACHE_CONTROL }, STYLE);

/** Serves the dashboard and the assets of the sign-in pages, without the database. */
@Controller('dashboard')
export class DashboardController {
  constructor(private readonly files: DashboardFiles) {}

  @Get('login.js')
  @Public('a static file')
  @NotInDocument('a part of the page')
  loginScript(@Headers() headers: IncomingHttpHeaders): Promise<Answer> {
    return LOGIN.answerTo(headers);
  }

  @Get('page.css')
  @Public('a static file')
  @NotInDocument('a part of the page')
  style(@Headers() headers: IncomingHttpHeaders): Promise<Answer> {
    return PAGE_STYLE.answerTo(headers);
  }

  @Get('assets/:name')
  @Public('a static file')
  @NotInDocument('a part of the page')
  asset(@Param('name') name: string, @Headers() headers: IncomingHttpHeaders): Promise<Answer> {
    const file = this.files.asset(name);
    if (!file) throw coreErrors.route_not_found();
    return file.answerTo(headers);
  }

  @Get()
  @Public('explains how to sign in')
  @NotInDocument('a page for people')
  home(): Answer {
    return this.#page();
  }

  /** Serves the same page at every path, because the app routes in the browser. */
  @Get('*')
  @Public('the same page')
  @NotInDocument('a page for people')
  deepLink(@Req() { url }: FastifyRequest): Answer {
    if (!isPage(url)) throw coreErrors.route_not_found();
    return this.#page();
  }

  #page(): Answer {
    const { headers, html } = this.files.page();
    return new Answer(html, { headers });
  }
}

/** True if the app can have a page at this path: its paths have no dots and no escapes. */
function isPage(url: string): boolean {
  const [path = ''] = url.split('?', 1);
  return PAGE_PATH.test(path);
}
