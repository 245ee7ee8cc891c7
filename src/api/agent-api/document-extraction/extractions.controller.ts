import { Controller, Get, Post, Query } from '@nestjs/common';
import { CurrentPrincipal } from '../../../access/decorators/current-principal.js';
import { RequireAgentScope } from '../../../access/decorators/require-scope.js';
import type { Principal } from '../../../access/principal/principal.js';
import { Answers } from '../../../core/wire/answers.js';
import { IncomingForm } from '../../../core/http/incoming-form.js';
import { TakesForm } from '../../../core/wire/form.js';
import { envelopeOf, envelopeOfPage } from '../envelope.js';
import { DocumentExtraction } from './document-extraction.entity.js';
import { DOCUMENT, ExtractionsQuery, QueuedExtraction } from './extraction.dto.js';
import { Extractions } from './extractions.service.js';
import { Id } from '../../../kit/crud/id.js';

@Controller('v1/open/document-extraction')
export class DocumentExtractionController {
  constructor(private readonly extractions: Extractions) {}

  @Post('chatbots/:agent_id')
  @RequireAgentScope('document-extraction', 'create')
  @TakesForm(DOCUMENT)
  @Answers(202, envelopeOf(QueuedExtraction), 'Have a document read for some fields', { refusals: [409] })
  create(@CurrentPrincipal() principal: Principal, @IncomingForm() form: IncomingForm) {
    return this.extractions.add(principal, form);
  }

  @Get(':id/chatbots/:agent_id')
  @RequireAgentScope('document-extraction', 'read')
  @Answers(200, envelopeOf(DocumentExtraction), 'Read what was found in a document')
  read(@CurrentPrincipal() principal: Principal, @Id() id: string) {
    return this.extractions.read(principal, id);
  }

  @Get('chatbots/:agent_id')
  @RequireAgentScope('document-extraction', 'read')
  @Answers(200, envelopeOfPage(DocumentExtraction), 'List the documents that were read, or are to be')
  list(@CurrentPrincipal() principal: Principal, @Query() query: ExtractionsQuery) {
    return this.extractions.list(principal, query);
  }
}
