import { Body, Controller, Delete, Param, Patch, Post, Put } from '@nestjs/common';
import { CurrentPrincipal } from '../../../access/decorators/current-principal.js';
import { RequireScope } from '../../../access/decorators/require-scope.js';
import type { Principal } from '../../../access/principal/principal.js';
import { Answers, AnswersNothing } from '../../../core/wire/answers.js';
import { listOf, TEXT } from '../../../core/wire/schema.js';
import {
  AssignSessionDto,
  CreateChatSessionDto,
  CreatedChatSession,
  HandOffSessionDto,
  UpdateChatSessionDto,
} from './chat-session.dto.js';
import { kit } from './chat-sessions.definition.js';
import { ChatSessions } from './chat-sessions.service.js';
import { Handoffs } from './handoffs.service.js';
import { SessionTags } from './session-tags.service.js';
import { Id } from '../../../kit/crud/id.js';
import { Idempotent } from '../../../kit/idempotency/idempotent.js';

@Controller('chat/sessions')
export class ChatSessionsController extends kit.Controller {
  constructor(
    override readonly service: ChatSessions,
    private readonly tags: SessionTags,
    private readonly handoffs: Handoffs,
  ) {
    super(service);
  }

  @Post()
  @RequireScope('chat-sessions', 'write')
  @Answers(201, CreatedChatSession, 'Start a chat session', { refusals: [404] })
  @Idempotent()
  create(@CurrentPrincipal() principal: Principal, @Body() dto: CreateChatSessionDto): Promise<CreatedChatSession> {
    return this.service.open(principal, dto);
  }

  @Patch(':id')
  @RequireScope('chat-sessions', 'write')
  @Answers(200, kit.Row, 'Close or reopen a chat session')
  edit(@CurrentPrincipal() principal: Principal, @Id() id: string, @Body() dto: UpdateChatSessionDto) {
    return this.service.edit(principal, id, dto);
  }

  @Put(':id/assignee')
  @RequireScope('chat-sessions', 'write')
  @Answers(200, kit.Row, 'Assign a chat session', { refusals: [409] })
  assign(@CurrentPrincipal() principal: Principal, @Id() id: string, @Body() dto: AssignSessionDto) {
    return this.service.assign(principal, id, dto);
  }

  // No Idempotency-Key: a second handoff is 409, and a stored answer would survive a redaction.
  @Post(':id/handoff')
  @RequireScope('chat-sessions', 'write')
  @Answers(200, kit.Row, 'Hand off a chat session to people', { refusals: [409] })
  handOff(@CurrentPrincipal() principal: Principal, @Id() id: string, @Body() dto: HandOffSessionDto) {
    return this.handoffs.handOff(principal, id, dto);
  }

  @Put(':id/tags/:tag_name')
  @RequireScope('chat-sessions', 'write')
  @Answers(200, listOf(TEXT), 'Tag a chat session', { description: 'Answers the names of all its tags.' })
  addTag(@CurrentPrincipal() principal: Principal, @Id() id: string, @Param('tag_name') name: string) {
    return this.tags.add(principal, id, name);
  }

  @Delete(':id/tags/:tag_name')
  @RequireScope('chat-sessions', 'write')
  @AnswersNothing('Take a tag off a chat session')
  removeTag(@CurrentPrincipal() principal: Principal, @Id() id: string, @Param('tag_name') name: string) {
    return this.tags.remove(principal, id, name);
  }
}
