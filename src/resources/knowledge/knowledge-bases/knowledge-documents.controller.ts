import { Body, Controller, Delete, Get, Post } from '@nestjs/common';
import { CurrentPrincipal } from '../../../access/decorators/current-principal.js';
import { RequireScope } from '../../../access/decorators/require-scope.js';
import type { Principal } from '../../../access/principal/principal.js';
import { type Caller, CurrentCaller } from '../../../kit/audit/actor.js';
import { ListQueries, type PageRequest } from '../../../kit/lists/list-queries.js';
import { Answers, AnswersNothing, AnswersPage } from '../../../core/wire/answers.js';
import { hasForm, IncomingForm } from '../../../core/http/incoming-form.js';
import { TakesForm } from '../../../core/wire/form.js';
import { AddDocumentDto, DOCUMENT } from './knowledge.dto.js';
import { KnowledgeDocument } from './knowledge-document.entity.js';
import { KnowledgeDocuments } from './knowledge-documents.service.js';
import { Id } from '../../../kit/crud/id.js';
import { ReadQuery } from '../../../core/wire/query-reader.js';
import { Idempotent } from '../../../kit/idempotency/idempotent.js';

const QUERIES = new ListQueries({});

@Controller('knowledge-bases/:id/documents')
export class KnowledgeDocumentsController {
  constructor(private readonly documents: KnowledgeDocuments) {}

  @Get()
  @RequireScope('knowledge_base', 'read')
  @AnswersPage(KnowledgeDocument, "List a knowledge base's documents")
  list(@CurrentPrincipal() principal: Principal, @Id() baseId: string, @ReadQuery(QUERIES) page: PageRequest) {
    return this.documents.list(principal, baseId, page);
  }

  @Post()
  @RequireScope('knowledge_base', 'write')
  @TakesForm(DOCUMENT)
  @Answers(201, KnowledgeDocument, 'Add a document to a knowledge base', {
    description: 'As text, or as a file. An Idempotency-Key is for text.',
  })
  @Idempotent()
  add(
    @CurrentCaller() caller: Caller,
    @Id() baseId: string,
    @Body() document: AddDocumentDto,
    @IncomingForm() form: IncomingForm,
  ) {
    return hasForm(form) ? this.documents.receive(caller, baseId, form) : this.documents.add(caller, baseId, document);
  }

  @Get(':document_id')
  @RequireScope('knowledge_base', 'read')
  @Answers(200, KnowledgeDocument, 'Get a document of a knowledge base')
  read(@CurrentPrincipal() principal: Principal, @Id() baseId: string, @Id('document_id') id: string) {
    return this.documents.read(principal, baseId, id);
  }

  @Delete(':document_id')
  @RequireScope('knowledge_base', 'write')
  @AnswersNothing('Delete a document of a knowledge base')
  remove(@CurrentCaller() caller: Caller, @Id() baseId: string, @Id('document_id') id: string) {
    return this.documents.remove(caller, baseId, id);
  }
}
