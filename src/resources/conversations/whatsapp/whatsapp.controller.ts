import { Body, Controller, Post, Put } from '@nestjs/common';
import { CurrentPrincipal } from '../../../access/decorators/current-principal.js';
import { RequireScope } from '../../../access/decorators/require-scope.js';
import type { Principal } from '../../../access/principal/principal.js';
import { SaveWhatsAppNumberDto } from '../../../tenancy/whatsapp-numbers/whatsapp-number.dto.js';
import { Answers } from '../../../core/wire/answers.js';
import { MERGE_FIELDS } from '../../directory/contacts/contact-merge-fields.js';
import { TemplateMessages } from './template-messages.service.js';
import { PutTemplateDto, SendTemplateDto, SentTemplate } from './whatsapp.dto.js';
import { messagesKit } from './whatsapp-messages.definition.js';
import { WhatsAppMessages } from './whatsapp-messages.service.js';
import { numbersKit } from './whatsapp-numbers.definition.js';
import { WhatsAppNumbers } from './whatsapp-numbers.service.js';
import { templatesKit } from './whatsapp-templates.definition.js';
import { WhatsAppTemplates } from './whatsapp-templates.service.js';
import { Idempotent } from '../../../kit/idempotency/idempotent.js';

@Controller('whatsapp/phone-numbers')
export class WhatsAppNumbersController extends numbersKit.Controller {
  constructor(override readonly service: WhatsAppNumbers) {
    super(service);
  }

  @Put()
  @RequireScope('whatsapp', 'write')
  @Answers(200, numbersKit.Row, 'Update a number', {
    description: 'One that is assigned to the org, by its partner or by the operator; any other is 403.',
  })
  put(@CurrentPrincipal() principal: Principal, @Body() dto: SaveWhatsAppNumberDto) {
    return this.service.put(principal, dto);
  }
}

@Controller('whatsapp/templates')
export class WhatsAppTemplatesController extends templatesKit.Controller {
  constructor(override readonly service: WhatsAppTemplates) {
    super(service);
  }

  @Put()
  @RequireScope('whatsapp', 'write')
  @Answers(200, templatesKit.Row, 'Register or update a template', {
    description: 'Its status is what WhatsApp says of the template with this name and language, and follows shortly.',
  })
  put(@CurrentPrincipal() principal: Principal, @Body() dto: PutTemplateDto) {
    return this.service.put(principal, dto);
  }
}

@Controller('whatsapp/messages')
export class WhatsAppMessagesController extends messagesKit.Controller {
  constructor(override readonly service: WhatsAppMessages) {
    super(service);
  }
}

@Controller('whatsapp')
export class WhatsAppController {
  constructor(private readonly messages: TemplateMessages) {}

  @Post('send-template')
  @RequireScope('whatsapp', 'write')
  @Answers(200, SentTemplate, 'Send a message of a template', {
    description: `It is sent as soon as WhatsApp takes it; without WhatsApp it stays in the outbox. ${MERGE_FIELDS}`,
    refusals: [404, 409],
  })
  @Idempotent()
  send(@CurrentPrincipal() principal: Principal, @Body() dto: SendTemplateDto): Promise<SentTemplate> {
    return this.messages.send(principal, dto);
  }
}
