import { Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CurrentPrincipal } from '../../../access/decorators/current-principal.js';
import { RequireAgentScope } from '../../../access/decorators/require-scope.js';
import type { Principal } from '../../../access/principal/principal.js';
import { principalOf } from '../../../access/principal/request.js';
import { sendJson } from '../../../kit/crud/send-json.js';
import { Answers } from '../../../core/wire/answers.js';
import { TakesForm } from '../../../core/wire/form.js';
import { envelopeOf, envelopeOfPage } from '../envelope.js';
import { DocumentExtraction } from './document-extraction.entity.js';
import { DOCUMENT, ExtractionsQuery, QueuedExtraction } from './extraction.dto.js';
import { Extractions } from './extractions.service.js';

@Controller('v1/open/document-extraction')
export class DocumentExtractionController {
  constructor(private readonly extractions: Extractions) {}

  @Post('chatbots/:agent_id')
  @RequireAgentScope('document-extraction', 'create')
  @TakesForm(DOCUMENT)
  @Answers(202, envelopeOf(QueuedExtraction), 'Have a document read for some fields', { refusals: [409] })
  async create(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    sendJson(reply, await this.extractions.add(principalOf(request), request));
  }

  @Get(':id/chatbots/:agent_id')
  @RequireAgentScope('document-extraction', 'read')
  @Answers(200, envelopeOf(DocumentExtraction), 'Read what was found in a document')
  async read(@CurrentPrincipal() principal: Principal, @Param('id') id: string, @Res() reply: FastifyReply) {
    sendJson(reply, await this.extractions.read(principal, id));
  }

  @Get('chatbots/:agent_id')
  @RequireAgentScope('document-extraction', 'read')
  @Answers(200, envelopeOfPage(DocumentExtraction), 'List the documents that were read, or are to be')
  async list(@CurrentPrincipal() principal: Principal, @Query() query: ExtractionsQuery, @Res() reply: FastifyReply) {
    sendJson(reply, await this.extractions.list(principal, query));
  }
}
