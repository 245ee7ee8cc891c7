import { Controller, Get, Header, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../access/decorators/route-policy.js';
import { AppError } from '../errors/app-error.js';
import { NotInDocument } from '../wire/answers.js';
import { acceptedEncoding } from './accepted-encoding.js';
import { DashboardFiles } from './dashboard-files.js';
import { LOGIN_SCRIPT, STYLE } from './pages.js';

const PAGE_PATH = /^\/dashboard(\/[\w-]+)*\/?$/;
/** Its name changes with its content. */
const FOREVER = 'public, max-age=31536000, immutable';

/** The dashboard, and what the sign-in pages need. Nothing here asks the database. */
@Controller('dashboard')
export class DashboardController {
  constructor(private readonly files: DashboardFiles) {}

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

  @Get('assets/:name')
  @Public('a static file')
  @NotInDocument('a part of the page')
  asset(@Param('name') name: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const file = this.files.asset(name);
    if (!file) throw new AppError('route_not_found');
    const encoding = acceptedEncoding(request.headers['accept-encoding'], file.bodies);
    if (encoding !== 'identity') reply.header('content-encoding', encoding);
    const headers = { 'content-type': file.type, 'cache-control': FOREVER, vary: 'accept-encoding' };
    void reply.headers(headers).send(file.bodies.get(encoding));
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
    if (!isPage(request.url)) throw new AppError('route_not_found');
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
