import { Controller, Get, Param, Post, Query } from '@nestjs/common';
import { Public } from '../../../access/decorators/for-audience.js';
import { Answers, PAGE } from '../../../core/wire/answers.js';
import { answerFormPage } from '../../../core/http/pages.js';
import { Unsubscribes } from './unsubscribes.service.js';
import { confirmPage, DONE_PAGE, UNKNOWN_PAGE } from './unsubscribe-page.js';

const SIGNED = 'the signature of the link is the credential';
/** What sends mail with such links. */
const OWNERS = { resources: ['email', 'sequences', 'workflows'] } as const;

/** The links of `List-Unsubscribe`. */
@Controller('unsubscribe')
export class UnsubscribeController {
  constructor(private readonly unsubscribes: Unsubscribes) {}

  @Get(':token')
  @Public(SIGNED, OWNERS)
  @Answers(200, PAGE, 'Open the page to unsubscribe', {
    description: 'A page with one button. It changes nothing, because mail scanners open links.',
    also: { 404: PAGE },
  })
  async show(
    @Param('token') token: string,
    @Query('expires') expires: unknown,
    @Query('signature') signature: unknown,
  ) {
    const sender = await this.unsubscribes.senderOf(token, { expires, signature });
    return sender === undefined ? answerFormPage(UNKNOWN_PAGE, 404) : answerFormPage(confirmPage(sender), 200);
  }

  @Post(':token')
  @Public(SIGNED, OWNERS)
  @Answers(200, PAGE, 'Unsubscribe', {
    description: 'What the button does, and the one click of a mail client (RFC 8058). The body is not read.',
    also: { 404: PAGE },
  })
  async confirm(
    @Param('token') token: string,
    @Query('expires') expires: unknown,
    @Query('signature') signature: unknown,
  ) {
    const isDone = await this.unsubscribes.unsubscribe(token, { expires, signature });
    return isDone ? answerFormPage(DONE_PAGE, 200) : answerFormPage(UNKNOWN_PAGE, 404);
  }
}
