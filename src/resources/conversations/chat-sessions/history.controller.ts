import { Body, Controller, Get, Post } from '@nestjs/common';
import { RequireScope } from '../../../access/decorators/require-scope.js';
import { ListQueries, type PageRequest } from '../../../kit/lists/list-queries.js';
import { hasForm, IncomingForm } from '../../../core/http/incoming-form.js';
import { Answers, AnswersPage } from '../../../core/wire/answers.js';
import { TakesForm } from '../../../core/wire/form.js';
import { AutoReplies } from './auto-replies.js';
import { AgentMessageSent, ContactMessageSent, HistoryEntry } from './chat-answers.js';
import { ChatHistory } from './chat-history.service.js';
import { ChatMessages, type Sent } from './chat-messages.service.js';
import { ATTACHMENTS_MAX, MESSAGE_WITH_FILES, SendMessageDto } from './send-message.dto.js';
import { Id } from '../../../kit/crud/id.js';
import { ReadQuery } from '../../../core/wire/query-reader.js';
import { Idempotent } from '../../../kit/idempotency/idempotent.js';
import { CurrentPrincipal } from '../../../access/decorators/current-principal.js';
import type { Principal } from '../../../access/principal/principal.js';

const QUERIES = new ListQueries({});

/** What is said in a session. */
@Controller('chat/sessions/:id')
export class HistoryController {
  constructor(
    private readonly messages: ChatMessages,
    private readonly autoReplies: AutoReplies,
    private readonly history: ChatHistory,
  ) {}

  @Post('send')
  @RequireScope('chat-sessions', 'write')
  @TakesForm(MESSAGE_WITH_FILES)
  @Answers(200, { anyOf: [AgentMessageSent, ContactMessageSent] }, 'Send a message', {
    description:
      'As JSON, or as a form with files, which are attachments of the message: with those in `message` at most ' +
      `${ATTACHMENTS_MAX}. An Idempotency-Key is for JSON.`,
  })
  @Idempotent({ complete: 'withReply' })
  send(
    @CurrentPrincipal() principal: Principal,
    @Id() id: string,
    @Body() dto: SendMessageDto,
    @IncomingForm() form: IncomingForm,
  ): Promise<Sent> {
    return hasForm(form) ? this.messages.receive(principal, id, form) : this.messages.send(principal, id, dto);
  }

  /** The answer may have been missing when the first request ended, so a repeat asks for it again. */
  async withReply({ answer, asked }: Sent) {
    if (asked === undefined) return answer;
    return { ...answer, data: { ...answer.data, ...(await this.autoReplies.answer(asked)) } };
  }

  @Get('history')
  @RequireScope('chat-sessions', 'read')
  @AnswersPage(HistoryEntry, "List a chat session's history")
  list(@CurrentPrincipal() principal: Principal, @Id() id: string, @ReadQuery(QUERIES) page: PageRequest) {
    return this.history.list(principal, id, page);
  }
}
