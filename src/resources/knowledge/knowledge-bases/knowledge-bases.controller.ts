import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CurrentPrincipal } from '../../../access/decorators/current-principal.js';
import { RequireScope } from '../../../access/decorators/require-scope.js';
import type { Principal } from '../../../access/principal/principal.js';
import { sendJson } from '../../../kit/crud/send-json.js';
import { Answers } from '../../../core/wire/answers.js';
import { FoundPassages, SearchQuery } from './knowledge.dto.js';
import { kit } from './knowledge-bases.definition.js';
import { KnowledgeBases } from './knowledge-bases.service.js';

@Controller('knowledge-bases')
export class KnowledgeBasesController extends kit.Controller {
  constructor(override readonly service: KnowledgeBases) {
    super(service);
  }

  @Get(':id/search')
  @RequireScope('knowledge_base', 'read')
  @Answers(200, FoundPassages, 'Search a knowledge base')
  async search(
    @CurrentPrincipal() principal: Principal,
    @Param('id') id: string,
    @Query() query: SearchQuery,
    @Res() reply: FastifyReply,
  ) {
    sendJson(reply, await this.service.search(principal, id, query));
  }
}
