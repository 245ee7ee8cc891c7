import { Body, Controller, Patch, Post } from '@nestjs/common';
import { CurrentPrincipal } from '../../../access/decorators/current-principal.js';
import { RequireScope } from '../../../access/decorators/require-scope.js';
import type { Principal } from '../../../access/principal/principal.js';
import { Answers } from '../../../core/wire/answers.js';
import { Contact } from './contact.entity.js';
import { CreateContactDto, CreatedContact, UpdateContactDto, UpsertContactsDto } from './contact.dto.js';
import { kit } from './contacts.definition.js';
import { Contacts } from './contacts.service.js';
import { BULK_RULES, BulkResult } from '../../../kit/bulk-upsert/bulk-upsert.dto.js';
import { Id } from '../../../kit/crud/id.js';
import { Idempotent } from '../../../kit/idempotency/idempotent.js';

@Controller('contacts')
export class ContactsController extends kit.Controller {
  constructor(override readonly service: Contacts) {
    super(service);
  }

  @Post()
  @RequireScope('contacts', 'write')
  @Answers(201, CreatedContact, 'Create a contact', { refusals: [409] })
  @Idempotent()
  create(@CurrentPrincipal() principal: Principal, @Body() { contact }: CreateContactDto) {
    return this.service.add(principal, contact);
  }

  @Post('bulk')
  @RequireScope('contacts', 'write')
  @Answers(200, BulkResult, 'Create or update up to 1,000 contacts', { refusals: [409], description: BULK_RULES })
  @Idempotent()
  upsert(@CurrentPrincipal() principal: Principal, @Body() { contacts }: UpsertContactsDto) {
    return this.service.upsert(principal, contacts);
  }

  @Patch(':id')
  @RequireScope('contacts', 'write')
  @Answers(200, Contact, 'Update a contact', { refusals: [409] })
  update(@CurrentPrincipal() principal: Principal, @Id() id: string, @Body() { contact = {} }: UpdateContactDto) {
    return this.service.change(principal, id, contact);
  }
}
