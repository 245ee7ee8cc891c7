import { Controller, Get, Headers, Param, Query } from '@nestjs/common';
import type { IncomingHttpHeaders } from 'node:http';
import { Public } from '../../../../access/decorators/for-audience.js';
import type { Answer } from '../../../../core/wire/answer.js';
import { type AnswerDetails, Answers, PAGE } from '../../../../core/wire/answers.js';
import { HelpPages } from './help-pages.service.js';
import { OF_READERS, PUBLISHED } from './published-help.service.js';

const DETAILS: AnswerDetails = { also: { 404: PAGE }, isCached: true };

/** The pages of a help center on the server's own host. */
@Controller('help/:center')
export class HelpPagesController {
  constructor(private readonly pages: HelpPages) {}

  @Get()
  @Public(PUBLISHED, OF_READERS)
  @Answers(200, PAGE, 'The page of a help center', DETAILS)
  home(
    @Param('center') center: string,
    @Query('language') language: unknown,
    @Headers() headers: IncomingHttpHeaders,
  ): Promise<Answer> {
    return this.pages.home(center, language, headers);
  }

  @Get(':slug')
  @Public(PUBLISHED, OF_READERS)
  @Answers(200, PAGE, 'The page of a published article', DETAILS)
  article(
    @Param('center') center: string,
    @Param('slug') slug: string,
    @Headers() headers: IncomingHttpHeaders,
  ): Promise<Answer> {
    return this.pages.article(center, slug, headers);
  }
}

/** The same pages on the custom domain of a help center. */
@Controller('articles')
export class CustomDomainController {
  constructor(private readonly pages: HelpPages) {}

  @Get()
  @Public(PUBLISHED, OF_READERS)
  @Answers(200, PAGE, 'The page of the help center with the custom domain of the request', DETAILS)
  home(@Query('language') language: unknown, @Headers() headers: IncomingHttpHeaders): Promise<Answer> {
    return this.pages.home(undefined, language, headers);
  }

  @Get(':slug')
  @Public(PUBLISHED, OF_READERS)
  @Answers(200, PAGE, 'The page of an article of that help center', DETAILS)
  article(@Param('slug') slug: string, @Headers() headers: IncomingHttpHeaders): Promise<Answer> {
    return this.pages.article(undefined, slug, headers);
  }
}
