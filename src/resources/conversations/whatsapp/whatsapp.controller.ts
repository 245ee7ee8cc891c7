import { Body, Controller, Post, Put, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CurrentPrincipal } from '../../../access/decorators/current-principal.js';
import { RequireScope } from '../../../access/decorators/require-scope.js';
import type { Principal } from '../../../access/principal/principal.js';
import { principalOf } from '../../../access/principal/request.js';
import { Idempotency } from '../../../kit/idempotency/idempotency.js';
import { SaveWhatsAppNumberDto } from '../../../tenancy/whatsapp-numbers/whatsapp-number.dto.js';
import { sendJson } from '../../../kit/crud/send-json.js';
import { Answers } from '../../../core/wire/answers.js';
import { TemplateMessages } from './template-messages.service.js';
import { PutTemplateDto, SendTemplateDto, SentTemplate } from './whatsapp.dto.js';
import { numbersKit } from './whatsapp-numbers.definition.js';
import { WhatsAppNumbers } from './whatsapp-numbers.service.js';
import { templatesKit } from './whatsapp-templates.definition.js';
import { WhatsAppTemplates } from './whatsapp-templates.service.js';

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
  async put(@CurrentPrincipal() principal: Principal, @Body() dto: SaveWhatsAppNumberDto, @Res() reply: FastifyReply) {
    sendJson(reply, await this.service.put(principal, dto));
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
  async put(@CurrentPrincipal() principal: Principal, @Body() dto: PutTemplateDto, @Res() reply: FastifyReply) {
    sendJson(reply, await this.service.put(principal, dto));
  }
}

@Controller('whatsapp')
export class WhatsAppController {
  constructor(
    private readonly messages: TemplateMessages,
    private readonly idempotency: Idempotency,
  ) {}

  @Post('send-template')
  @RequireScope('whatsapp', 'write')
  @Answers(200, SentTemplate, 'Send a message of a template', {
    description: 'It is put down now and sent as soon as WhatsApp takes it; without WhatsApp it stays in the outbox.',
    refusals: [404, 409],
    once: true,
  })
  send(@Req() request: FastifyRequest, @Body() dto: SendTemplateDto): Promise<SentTemplate> {
    return this.idempotency.once(request, () => this.messages.send(principalOf(request), dto));
  }
}
