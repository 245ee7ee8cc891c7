import { Body, Controller, Delete, Get, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CurrentPrincipal } from '../../../access/decorators/current-principal.js';
import { RequireScope } from '../../../access/decorators/require-scope.js';
import type { Principal } from '../../../access/principal/principal.js';
import { principalOf } from '../../../access/principal/request.js';
import { type Caller, callerOf, CurrentCaller } from '../../../kit/audit/actor.js';
import { Idempotency } from '../../../kit/idempotency/idempotency.js';
import { ListQueries } from '../../../kit/lists/list-queries.js';
import { sendJson } from '../../../kit/crud/send-json.js';
import { Answers, AnswersNothing, AnswersPage } from '../../../core/wire/answers.js';
import { ArrivingBody } from '../../../core/http/arriving-body.js';
import { TakesForm } from '../../../core/wire/form.js';
import { AddDocumentDto, DOCUMENT } from './knowledge.dto.js';
import { KnowledgeDocument } from './knowledge-document.entity.js';
import { KnowledgeDocuments } from './knowledge-documents.service.js';

const QUERIES = new ListQueries({});

@Controller('knowledge-bases/:id/documents')
export class KnowledgeDocumentsController {
  constructor(
    private readonly documents: KnowledgeDocuments,
    private readonly idempotency: Idempotency,
  ) {}

  @Get()
  @RequireScope('knowledge_base', 'read')
  @AnswersPage(KnowledgeDocument, "List a knowledge base's documents", { query: QUERIES.dto })
  async list(@Req() request: FastifyRequest, @Param('id') baseId: string, @Res() reply: FastifyReply) {
    sendJson(reply, await this.documents.list(principalOf(request), baseId, QUERIES.judge(request)));
  }

  @Post()
  @RequireScope('knowledge_base', 'write')
  @TakesForm(DOCUMENT)
  @Answers(201, KnowledgeDocument, 'Add a document to a knowledge base', {
    description: 'As text, or as a file. An Idempotency-Key is for text.',
    once: true,
  })
  async add(
    @Req() request: FastifyRequest,
    @Param('id') baseId: string,
    @Body() document: AddDocumentDto,
    @Res() reply: FastifyReply,
  ) {
    const caller = callerOf(request);
    const add = () => this.documents.add(caller, baseId, document);
    const isFile = request.body instanceof ArrivingBody;
    const receive = () => this.documents.receive(caller, baseId, request);
    sendJson(reply, await (isFile ? receive() : this.idempotency.once(request, add)));
  }

  @Get(':document_id')
  @RequireScope('knowledge_base', 'read')
  @Answers(200, KnowledgeDocument, 'Get a document of a knowledge base')
  async read(
    @CurrentPrincipal() principal: Principal,
    @Param('id') baseId: string,
    @Param('document_id') id: string,
    @Res() reply: FastifyReply,
  ) {
    sendJson(reply, await this.documents.read(principal, baseId, id));
  }

  @Delete(':document_id')
  @RequireScope('knowledge_base', 'write')
  @AnswersNothing('Delete a document of a knowledge base')
  remove(@CurrentCaller() caller: Caller, @Param('id') baseId: string, @Param('document_id') id: string) {
    return this.documents.remove(caller, baseId, id);
  }
}
