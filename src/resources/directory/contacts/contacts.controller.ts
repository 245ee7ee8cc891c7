import { Body, Controller, Param, Patch, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CurrentPrincipal } from '../../../access/decorators/current-principal.js';
import { RequireScope } from '../../../access/decorators/require-scope.js';
import type { Principal } from '../../../access/principal/principal.js';
import { principalOf } from '../../../access/principal/request.js';
import { sendJson } from '../../../kit/crud/send-json.js';
import { Answers } from '../../../core/wire/answers.js';
import { Contact } from './contact.entity.js';
import { CreateContactDto, CreatedContact, UpdateContactDto } from './contact.dto.js';
import { kit } from './contacts.definition.js';
import { Contacts } from './contacts.service.js';

@Controller('contacts')
export class ContactsController extends kit.Controller {
  constructor(override readonly service: Contacts) {
    super(service);
  }

  @Post()
  @RequireScope('contacts', 'write')
  @Answers(201, CreatedContact, 'Create a contact', { refusals: [409], once: true })
  async create(@Req() request: FastifyRequest, @Body() { contact }: CreateContactDto, @Res() reply: FastifyReply) {
    sendJson(reply, await this.idempotency.once(request, () => this.service.add(principalOf(request), contact)));
  }

  @Patch(':id')
  @RequireScope('contacts', 'write')
  @Answers(200, Contact, 'Update a contact', { refusals: [409] })
  async update(
    @CurrentPrincipal() principal: Principal,
    @Param('id') id: string,
    @Body() { contact = {} }: UpdateContactDto,
    @Res() reply: FastifyReply,
  ) {
    sendJson(reply, await this.service.change(principal, id, contact));
  }
}
