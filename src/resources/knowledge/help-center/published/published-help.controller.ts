import { Controller, Get, Headers, Param } from '@nestjs/common';
import type { IncomingHttpHeaders } from 'node:http';
import { Public } from '../../../../access/decorators/for-audience.js';
import { CachedBody } from '../../../../core/http/cached-body.js';
import type { Answer } from '../../../../core/wire/answer.js';
import { Answers, AnswersPage } from '../../../../core/wire/answers.js';
import { ReadQuery } from '../../../../core/wire/query-reader.js';
import { ListQueries, type PageRequest } from '../../../../kit/lists/list-queries.js';
import { PublishedArticle, PublishedCenter, PublishedSummary } from './published-article.dto.js';
import { RecentBodies } from './recent-bodies.js';
import { CACHE_CONTROL, OF_READERS, PUBLISHED, PUBLISHED_FILTERS, PublishedHelp } from './published-help.service.js';

const ARTICLES = new ListQueries(PUBLISHED_FILTERS);

/** Help centers as JSON, for the pages and apps of their owners. `:center` is its id or its custom domain. */
@Controller('public/help-centers/:center')
export class PublishedHelpController {
  constructor(
    private readonly help: PublishedHelp,
    private readonly recent: RecentBodies,
  ) {}

  @Get()
  @Public(PUBLISHED, OF_READERS)
  @Answers(200, PublishedCenter, 'Get a help center as its readers see it', { isCached: true })
  read(@Param('center') name: string, @Headers() headers: IncomingHttpHeaders): Promise<Answer> {
    return this.#recent(headers, ['center', name], async () => JSON.stringify((await this.help.center(name)).center));
  }

  @Get('articles')
  @Public(PUBLISHED, OF_READERS)
  @AnswersPage(PublishedSummary, 'List published articles', {
    description:
      'With `language`, articles without a translation into it are listed in the primary language. Without it, all are.',
    isCached: true,
  })
  list(
    @Param('center') name: string,
    @ReadQuery(ARTICLES) page: PageRequest,
    @Headers() headers: IncomingHttpHeaders,
  ): Promise<Answer> {
    return this.#recent(headers, ['articles', name, page], async () => {
      return (await this.help.list(await this.help.center(name), page)).text;
    });
  }

  @Get('articles/:slug')
  @Public(PUBLISHED, OF_READERS)
  @Answers(200, PublishedArticle, 'Get a published article', { isCached: true })
  article(
    @Param('center') name: string,
    @Param('slug') slug: string,
    @Headers() headers: IncomingHttpHeaders,
  ): Promise<Answer> {
    return this.#recent(headers, ['article of', name, slug], async () => {
      return (await this.help.read(await this.help.center(name), slug)).text;
    });
  }

  /** @param make JSON */
  async #recent(headers: IncomingHttpHeaders, key: readonly unknown[], make: () => Promise<string>): Promise<Answer> {
    const body = await this.recent.get(JSON.stringify(key), async () => CachedBody.of(HEADERS, await make()));
    return (body as CachedBody).answerTo(headers);
  }
}

/** Any site may show it. */
const HEADERS = {
  type: 'application/json; charset=utf-8',
  cacheControl: CACHE_CONTROL,
  others: { 'access-control-allow-origin': '*' },
};
