import { Controller, Get, Query } from '@nestjs/common';
import { CurrentPrincipal } from '../../../access/decorators/current-principal.js';
import { RequireScope } from '../../../access/decorators/require-scope.js';
import type { Principal } from '../../../access/principal/principal.js';
import { Answers } from '../../../core/wire/answers.js';
import { FoundPassages, SearchQuery } from './knowledge.dto.js';
import { kit } from './knowledge-bases.definition.js';
import { KnowledgeBases } from './knowledge-bases.service.js';
import { Id } from '../../../kit/crud/id.js';

@Controller('knowledge-bases')
export class KnowledgeBasesController extends kit.Controller {
  constructor(override readonly service: KnowledgeBases) {
    super(service);
  }

  @Get(':id/search')
  @RequireScope('knowledge_base', 'read')
  @Answers(200, FoundPassages, 'Search a knowledge base')
  search(@CurrentPrincipal() principal: Principal, @Id() id: string, @Query() query: SearchQuery) {
    return this.service.search(principal, id, query);
  }
}
