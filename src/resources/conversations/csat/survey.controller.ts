import { Controller, Get, Param, Post, Query } from '@nestjs/common';
import { Public } from '../../../access/decorators/for-audience.js';
import { answerFormPage } from '../../../core/http/pages.js';
import type { Answer } from '../../../core/wire/answer.js';
import { Answers, PAGE } from '../../../core/wire/answers.js';
import { SurveyAnswers } from './survey-answers.service.js';
import { surveyPage, THANKS_PAGE, SPENT_PAGE } from './survey-page.js';

const SIGNED = 'the signature of the link is the credential';
const OWNERS = { resources: ['csat'] } as const;

/** The links in surveys. */
@Controller('surveys')
export class SurveyController {
  constructor(private readonly answers: SurveyAnswers) {}

  @Get(':org_id/:session_id')
  @Public(SIGNED, OWNERS)
  @Answers(200, PAGE, 'Open a survey', {
    description: 'A page with a button per score. It changes nothing, because mail scanners open links.',
    also: { 410: PAGE },
  })
  async show(
    @Param('org_id') orgId: string,
    @Param('session_id') sessionId: string,
    @Query('expires') expires: unknown,
    @Query('signature') signature: unknown,
  ): Promise<Answer<string>> {
    const survey = await this.answers.surveyOf({ orgId, sessionId }, { expires, signature });
    return survey === undefined
      ? answerFormPage(SPENT_PAGE, 410)
      : answerFormPage(surveyPage(survey.org, survey.actions), 200);
  }

  @Post(':org_id/:session_id/:score')
  @Public(SIGNED, OWNERS)
  @Answers(200, PAGE, 'Score a session by a survey', { description: 'What a button does.', also: { 410: PAGE } })
  async submit(
    @Param('org_id') orgId: string,
    @Param('session_id') sessionId: string,
    @Param('score') score: string,
    @Query('expires') expires: unknown,
    @Query('signature') signature: unknown,
  ): Promise<Answer<string>> {
    const isSaved = await this.answers.submit({ orgId, sessionId }, { expires, signature }, score);
    return isSaved ? answerFormPage(THANKS_PAGE, 200) : answerFormPage(SPENT_PAGE, 410);
  }
}
