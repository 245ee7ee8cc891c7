import { Body, Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RequireScope } from '../../../access/decorators/require-scope.js';
import { principalOf } from '../../../access/principal/request.js';
import { Idempotency } from '../../../kit/idempotency/idempotency.js';
import { ListQueries } from '../../../kit/lists/list-queries.js';
import { sendJson } from '../../../kit/crud/send-json.js';
import { Answers, AnswersPage } from '../../../core/wire/answers.js';
import { AutoReplies } from './auto-replies.js';
import { AgentMessageSent, ContactMessageSent, HistoryEntry } from './chat-answers.js';
import { ChatHistory } from './chat-history.service.js';
import { ChatMessages } from './chat-messages.service.js';
import { SendMessageDto } from './send-message.dto.js';

const QUERIES = new ListQueries({});

/** What is said in a session. */
@Controller('chat/sessions/:id')
export class HistoryController {
  constructor(
    private readonly messages: ChatMessages,
    private readonly autoReplies: AutoReplies,
    private readonly history: ChatHistory,
    private readonly idempotency: Idempotency,
  ) {}

  @Post('send')
  @RequireScope('chat-sessions', 'write')
  @Answers(200, { anyOf: [AgentMessageSent, ContactMessageSent] }, 'Send a message', { once: true })
  async send(@Req() request: FastifyRequest, @Param('id') id: string, @Body() dto: SendMessageDto) {
    const principal = principalOf(request);
    const { answer, asked } = await this.idempotency.once(request, () => this.messages.send(principal, id, dto));
    // The answer may have been missing when the first request ended, so a repeat asks for it again.
    if (asked === undefined) return answer;
    return { ...answer, data: { ...answer.data, ...(await this.autoReplies.answer(asked)) } };
  }

  @Get('history')
  @RequireScope('chat-sessions', 'read')
  @AnswersPage(HistoryEntry, "List a chat session's history", { query: QUERIES.dto })
  async list(@Req() request: FastifyRequest, @Param('id') id: string, @Res() reply: FastifyReply) {
    sendJson(reply, await this.history.list(principalOf(request), id, QUERIES.judge(request)));
  }
}
