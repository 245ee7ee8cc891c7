import { Body, Controller, Get, Patch, Post } from '@nestjs/common';
import { CurrentPrincipal } from '../../../access/decorators/current-principal.js';
import { RequireScope } from '../../../access/decorators/require-scope.js';
import type { Principal } from '../../../access/principal/principal.js';
import { ListQueries, type PageRequest } from '../../../kit/lists/list-queries.js';
import { Answers, AnswersPage } from '../../../core/wire/answers.js';
import { CreateDatasourceDto, DatasourceDetails, UpdateDatasourceDto } from './crawl.dto.js';
import { CrawlJob } from './crawl-job.entity.js';
import { CrawlPage } from './crawl-page.entity.js';
import { CrawlPages, PAGE_FILTERS } from './crawl-pages.service.js';
import { Crawls } from './crawls.service.js';
import { kit } from './datasources.definition.js';
import { Datasources } from './datasources.service.js';
import { Id } from '../../../kit/crud/id.js';
import { ReadQuery } from '../../../core/wire/query-reader.js';
import { Idempotent } from '../../../kit/idempotency/idempotent.js';
import { Audited } from '../../../kit/crud/audited.js';

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
  @Answers(201, kit.Row, 'Create a datasource', { refusals: [409] })
  @Idempotent()
  @Audited()
  create(@CurrentPrincipal() principal: Principal, @Body() dto: CreateDatasourceDto) {
    return this.service.add(principal, dto);
  }

  @Get(':id')
  @RequireScope('crawl', 'read')
  @Answers(200, DatasourceDetails, 'Get a datasource')
  read(@CurrentPrincipal() principal: Principal, @Id() id: string) {
    return this.service.details(principal, id);
  }

  @Patch(':id')
  @RequireScope('crawl', 'write')
  @Answers(200, kit.Row, 'Update a datasource')
  @Audited()
  update(@CurrentPrincipal() principal: Principal, @Id() id: string, @Body() dto: UpdateDatasourceDto) {
    return this.service.change(principal, id, dto);
  }

  @Post(':id/crawls')
  @RequireScope('crawl', 'write')
  @Answers(202, CrawlJob, 'Start a crawl', {
    description: 'One at a time, and none while the datasource is paused.',
    refusals: [409],
  })
  @Idempotent()
  start(@CurrentPrincipal() principal: Principal, @Id() id: string) {
    return this.crawls.start(principal, id);
  }

  @Get(':id/crawls')
  @RequireScope('crawl', 'read')
  @AnswersPage(CrawlJob, "List a datasource's crawls")
  listJobs(@CurrentPrincipal() principal: Principal, @Id() id: string, @ReadQuery(JOBS) page: PageRequest) {
    return this.crawls.list(principal, id, page);
  }

  @Get(':id/pages')
  @RequireScope('crawl', 'read')
  @AnswersPage(CrawlPage, "List a datasource's pages")
  listPages(@CurrentPrincipal() principal: Principal, @Id() id: string, @ReadQuery(PAGES) page: PageRequest) {
    return this.pages.list(principal, id, page);
  }
}
