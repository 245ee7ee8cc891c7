import { Controller, Delete, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { create as attachment } from 'content-disposition';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CurrentPrincipal } from '../../../access/decorators/current-principal.js';
import { RequireAgentScope } from '../../../access/decorators/require-scope.js';
import type { Principal } from '../../../access/principal/principal.js';
import { principalOf } from '../../../access/principal/request.js';
import { HARMLESS_AND_PRIVATE } from '../../../kit/files/file-headers.js';
import { sendJson } from '../../../kit/crud/send-json.js';
import { Answers } from '../../../core/wire/answers.js';
import { TakesForm } from '../../../core/wire/form.js';
import { envelopeOf, envelopeOfPage, PageQuery } from '../envelope.js';
import { CONTACT_FILE } from './agent-contact-file.dto.js';
import { AgentContactFile } from './agent-contact-file.entity.js';
import { AgentContactFiles } from './agent-contact-files.service.js';

@Controller('v1/open/contacts/:contact_id/files')
export class AgentContactFilesController {
  constructor(private readonly files: AgentContactFiles) {}

  @Get('chatbots/:agent_id')
  @RequireAgentScope('contacts', 'read')
  @Answers(200, envelopeOfPage(AgentContactFile), "List a contact's files")
  async list(
    @CurrentPrincipal() principal: Principal,
    @Param('contact_id') contactId: string,
    @Query() query: PageQuery,
    @Res() reply: FastifyReply,
  ) {
    sendJson(reply, await this.files.list(principal, contactId, query));
  }

  @Post('chatbots/:agent_id')
  @RequireAgentScope('contacts', 'create')
  @TakesForm(CONTACT_FILE)
  @Answers(201, envelopeOf(AgentContactFile), 'Upload a file about a contact', { refusals: [409] })
  async create(@Req() request: FastifyRequest, @Param('contact_id') contactId: string, @Res() reply: FastifyReply) {
    sendJson(reply, await this.files.add(principalOf(request), contactId, request));
  }

  @Get(':file_id/chatbots/:agent_id')
  @RequireAgentScope('contacts', 'read')
  @Answers(200, { mediaType: '*/*' }, "Download a contact's file")
  async read(
    @CurrentPrincipal() principal: Principal,
    @Param('contact_id') contactId: string,
    @Param('file_id') id: string,
    @Res() reply: FastifyReply,
  ) {
    const { file, bytes } = await this.files.open(principal, contactId, id);
    void reply
      .headers({ ...HARMLESS_AND_PRIVATE, 'content-disposition': attachment(file.name), 'content-length': file.bytes })
      .type(file.media_type)
      .send(bytes);
  }

  @Delete(':file_id/chatbots/:agent_id')
  @RequireAgentScope('contacts', 'delete')
  @Answers(200, envelopeOf({ type: 'null' }), "Delete a contact's file")
  async delete(
    @CurrentPrincipal() principal: Principal,
    @Param('contact_id') contactId: string,
    @Param('file_id') id: string,
    @Res() reply: FastifyReply,
  ) {
    sendJson(reply, await this.files.remove(principal, contactId, id));
  }
}
