import { Body, Controller, Delete, Get, Param, Patch, Post, Put, Query } from '@nestjs/common';
import { CurrentPrincipal } from '../../../access/decorators/current-principal.js';
import { RequireAgentScope } from '../../../access/decorators/require-scope.js';
import type { Principal } from '../../../access/principal/principal.js';
import { Answers } from '../../../core/wire/answers.js';
import { envelopeOf, envelopeOfPage } from '../envelope.js';
import { AgentContactsQuery, CreateAgentContactDto, UpdateAgentContactDto } from './agent-contact.dto.js';
import { AgentContact } from './agent-contact.entity.js';
import { AgentContacts } from './agent-contacts.service.js';
import { Idempotent } from '../../../kit/idempotency/idempotent.js';
import { Id } from '../../../kit/crud/id.js';

const CONTACT = envelopeOf(AgentContact);

@Controller('v1/open/contacts')
export class AgentContactsController {
  constructor(private readonly contacts: AgentContacts) {}

  @Post('chatbots/:agent_id')
  @RequireAgentScope('contacts', 'create')
  @Answers(201, CONTACT, "Create an agent's contact", { refusals: [409] })
  @Idempotent()
  create(@CurrentPrincipal() principal: Principal, @Body() body: CreateAgentContactDto) {
    return this.contacts.add(principal, body);
  }

  @Get('chatbots/:agent_id')
  @RequireAgentScope('contacts', 'read')
  @Answers(200, envelopeOfPage(AgentContact), "List an agent's contacts")
  list(@CurrentPrincipal() principal: Principal, @Query() query: AgentContactsQuery) {
    return this.contacts.list(principal, query);
  }

  @Get(':contact_id/chatbots/:agent_id')
  @RequireAgentScope('contacts', 'read')
  @Answers(200, CONTACT, "Read an agent's contact")
  read(@CurrentPrincipal() principal: Principal, @Id('contact_id') id: string) {
    return this.contacts.read(principal, { id });
  }

  @Put(':contact_id/chatbots/:agent_id')
  @RequireAgentScope('contacts', 'update')
  @Answers(200, CONTACT, "Change an agent's contact", { refusals: [409] })
  update(@CurrentPrincipal() principal: Principal, @Id('contact_id') id: string, @Body() body: UpdateAgentContactDto) {
    return this.contacts.change(principal, { id }, body);
  }

  @Delete(':contact_id/chatbots/:agent_id')
  @RequireAgentScope('contacts', 'delete')
  @Answers(200, envelopeOf({ type: 'null' }), "Delete an agent's contact, with their files")
  delete(@CurrentPrincipal() principal: Principal, @Id('contact_id') id: string) {
    return this.contacts.remove(principal, id);
  }

  @Get('ref/:external_reference_id/chatbots/:agent_id')
  @RequireAgentScope('contacts', 'read')
  @Answers(200, CONTACT, "Read an agent's contact by your reference")
  readByReference(@CurrentPrincipal() principal: Principal, @Param('external_reference_id') reference: string) {
    return this.contacts.read(principal, { external_reference_id: reference });
  }

  @Put('ref/:external_reference_id/chatbots/:agent_id')
  @RequireAgentScope('contacts', 'update')
  @Answers(200, CONTACT, "Change an agent's contact by your reference", { refusals: [409] })
  updateByReference(
    @CurrentPrincipal() principal: Principal,
    @Param('external_reference_id') reference: string,
    @Body() body: UpdateAgentContactDto,
  ) {
    return this.contacts.change(principal, { external_reference_id: reference }, body);
  }

  @Patch(':contact_id/chatbots/:agent_id/archive')
  @RequireAgentScope('contacts', 'update')
  @Answers(200, CONTACT, "Archive an agent's contact")
  archive(@CurrentPrincipal() principal: Principal, @Id('contact_id') id: string) {
    return this.contacts.archive(principal, id);
  }
}
