import { Controller, Delete, Get, Post, Query } from '@nestjs/common';
import { create as attachment } from 'content-disposition';
import { CurrentPrincipal } from '../../../access/decorators/current-principal.js';
import { RequireAgentScope } from '../../../access/decorators/require-scope.js';
import type { Principal } from '../../../access/principal/principal.js';
import { HARMLESS_AND_PRIVATE } from '../../../kit/files/file-headers.js';
import { Answers } from '../../../core/wire/answers.js';
import { IncomingForm } from '../../../core/http/incoming-form.js';
import { TakesForm } from '../../../core/wire/form.js';
import { envelopeOf, envelopeOfPage, PageQuery } from '../envelope.js';
import { CONTACT_FILE } from './agent-contact-file.dto.js';
import { AgentContactFile } from './agent-contact-file.entity.js';
import { AgentContactFiles } from './agent-contact-files.service.js';
import { Id } from '../../../kit/crud/id.js';
import { Answer } from '../../../core/wire/answer.js';

@Controller('v1/open/contacts/:contact_id/files')
export class AgentContactFilesController {
  constructor(private readonly files: AgentContactFiles) {}

  @Get('chatbots/:agent_id')
  @RequireAgentScope('contacts', 'read')
  @Answers(200, envelopeOfPage(AgentContactFile), "List a contact's files")
  list(@CurrentPrincipal() principal: Principal, @Id('contact_id') contactId: string, @Query() query: PageQuery) {
    return this.files.list(principal, contactId, query);
  }

  @Post('chatbots/:agent_id')
  @RequireAgentScope('contacts', 'create')
  @TakesForm(CONTACT_FILE)
  @Answers(201, envelopeOf(AgentContactFile), 'Upload a file about a contact', { refusals: [409] })
  create(
    @CurrentPrincipal() principal: Principal,
    @Id('contact_id') contactId: string,
    @IncomingForm() form: IncomingForm,
  ) {
    return this.files.add(principal, contactId, form);
  }

  @Get(':file_id/chatbots/:agent_id')
  @RequireAgentScope('contacts', 'read')
  @Answers(200, { mediaType: '*/*' }, "Download a contact's file")
  async read(@CurrentPrincipal() principal: Principal, @Id('contact_id') contactId: string, @Id('file_id') id: string) {
    const { file, bytes } = await this.files.open(principal, contactId, id);
    const headers = {
      ...HARMLESS_AND_PRIVATE,
      'content-disposition': attachment(file.name),
      'content-length': file.bytes,
      'content-type': file.media_type,
    };
    return new Answer(bytes, { headers });
  }

  @Delete(':file_id/chatbots/:agent_id')
  @RequireAgentScope('contacts', 'delete')
  @Answers(200, envelopeOf({ type: 'null' }), "Delete a contact's file")
  delete(@CurrentPrincipal() principal: Principal, @Id('contact_id') contactId: string, @Id('file_id') id: string) {
    return this.files.remove(principal, contactId, id);
  }
}
