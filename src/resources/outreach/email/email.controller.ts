import { Body, Controller, Delete, Param, Patch, Post, Put, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RequireScope } from '../../../access/decorators/require-scope.js';
import { principalOf } from '../../../access/principal/request.js';
import { type Caller, CurrentCaller } from '../../../kit/audit/actor.js';
import { Idempotency } from '../../../kit/idempotency/idempotency.js';
import { MailDomain } from '../../../kit/mailer/mail-domain.entity.js';
import { sendJson } from '../../../kit/crud/send-json.js';
import { Answers, AnswersNothing } from '../../../core/wire/answers.js';
import { PutDomainDto, QueuedEmails, SendEmailDto } from './email.dto.js';
import { kit } from './email-domains.definition.js';
import { EmailDomains } from './email-domains.service.js';
import { Emails } from './emails.service.js';

@Controller('email')
export class EmailController {
  constructor(
    private readonly emails: Emails,
    private readonly idempotency: Idempotency,
  ) {}

  @Post()
  @RequireScope('email', 'write')
  @Answers(202, QueuedEmails, 'Send e-mails', {
    description:
      'To each recipient one, in their order, behind the answer: a mail server that is away loses none of them. ' +
      'Without a configured mail server they stay in the outbox for the operator, and none is sent.',
    once: true,
  })
  send(@Req() request: FastifyRequest, @Body() dto: SendEmailDto): Promise<QueuedEmails> {
    return this.idempotency.once(request, () => this.emails.send(principalOf(request), dto));
  }
}

@Controller('email/domains')
export class EmailDomainsController extends kit.Controller {
  constructor(override readonly service: EmailDomains) {
    super(service);
  }

  @Put()
  @RequireScope('email', 'write')
  @Answers(200, MailDomain, 'Claim a domain to send from', {
    description: 'With the records that its zone has to hold. A domain that is claimed already stays as it is.',
  })
  async put(@CurrentCaller() caller: Caller, @Body() dto: PutDomainDto, @Res() reply: FastifyReply) {
    sendJson(reply, await this.service.put(caller, dto));
  }

  @Patch(':domain_name')
  @RequireScope('email', 'write')
  @Answers(200, MailDomain, "Start a domain's verification", {
    description:
      'Its records are looked up behind the answer. While DNS does not answer that is tried again for some minutes; ' +
      'a domain that is verified stays so until something else is found.',
  })
  async verify(@CurrentCaller() caller: Caller, @Param('domain_name') name: string, @Res() reply: FastifyReply) {
    sendJson(reply, await this.service.startVerification(caller, name));
  }

  @Delete(':domain_name')
  @RequireScope('email', 'write')
  @AnswersNothing('Delete a domain', { description: 'What waits to be sent from it fails.' })
  delete(@CurrentCaller() caller: Caller, @Param('domain_name') name: string): Promise<void> {
    return this.service.deleteByName(caller, name);
  }
}
