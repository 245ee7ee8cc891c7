import { Body, Controller, Get, Param, Patch, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CurrentPrincipal } from '../../../access/decorators/current-principal.js';
import { RequireScope } from '../../../access/decorators/require-scope.js';
import type { Principal } from '../../../access/principal/principal.js';
import { principalOf } from '../../../access/principal/request.js';
import { ListQueries } from '../../../kit/lists/list-queries.js';
import { sendJson } from '../../../kit/crud/send-json.js';
import { Answers, AnswersPage } from '../../../core/wire/answers.js';
import { CreateDatasourceDto, DatasourceDetails, UpdateDatasourceDto } from './crawl.dto.js';
import { CrawlJob } from './crawl-job.entity.js';
import { CrawlPage } from './crawl-page.entity.js';
import { CrawlPages, PAGE_FILTERS } from './crawl-pages.service.js';
import { Crawls } from './crawls.service.js';
import { kit } from './datasources.definition.js';
import { Datasources } from './datasources.service.js';

const JOBS = new ListQueries({});
const PAGES = new ListQueries(PAGE_FILTERS);

@Controller('crawl')
export class CrawlController extends kit.Controller {
  constructor(
    override readonly service: Datasources,
    private readonly crawls: Crawls,
    private readonly pages: CrawlPages,
  ) {
    super(service);
  }

  @Post()
  @RequireScope('crawl', 'write')
  @Answers(201, kit.Row, 'Create a datasource', { refusals: [409], once: true })
  async create(@Req() request: FastifyRequest, @Body() dto: CreateDatasourceDto, @Res() reply: FastifyReply) {
    const add = () => this.service.add(principalOf(request), dto);
    sendJson(reply, await this.idempotency.once(request, () => this.auditing(request, undefined, add)));
  }

  @Get(':id')
  @RequireScope('crawl', 'read')
  @Answers(200, DatasourceDetails, 'Get a datasource')
  async read(@CurrentPrincipal() principal: Principal, @Param('id') id: string, @Res() reply: FastifyReply) {
    sendJson(reply, await this.service.details(principal, id));
  }

  @Patch(':id')
  @RequireScope('crawl', 'write')
  @Answers(200, kit.Row, 'Update a datasource')
  async update(
    @Req() request: FastifyRequest,
    @Param('id') id: string,
    @Body() dto: UpdateDatasourceDto,
    @Res() reply: FastifyReply,
  ) {
    const change = () => this.service.change(principalOf(request), id, dto);
    sendJson(reply, await this.auditing(request, id, change));
  }

  @Post(':id/crawls')
  @RequireScope('crawl', 'write')
  @Answers(202, CrawlJob, 'Start a crawl', {
    description: 'One at a time, and none while the datasource is paused.',
    refusals: [409],
    once: true,
  })
  async start(@Req() request: FastifyRequest, @Param('id') id: string, @Res() reply: FastifyReply) {
    sendJson(reply, await this.idempotency.once(request, () => this.crawls.start(principalOf(request), id)));
  }

  @Get(':id/crawls')
  @RequireScope('crawl', 'read')
  @AnswersPage(CrawlJob, "List a datasource's crawls", { query: JOBS.dto })
  async listJobs(@Req() request: FastifyRequest, @Param('id') id: string, @Res() reply: FastifyReply) {
    sendJson(reply, await this.crawls.list(principalOf(request), id, JOBS.judge(request)));
  }

  @Get(':id/pages')
  @RequireScope('crawl', 'read')
  @AnswersPage(CrawlPage, "List a datasource's pages", { query: PAGES.dto })
  async listPages(@Req() request: FastifyRequest, @Param('id') id: string, @Res() reply: FastifyReply) {
    sendJson(reply, await this.pages.list(principalOf(request), id, PAGES.judge(request)));
  }
}
