import { Body, Controller, Delete, Param, Patch, Post, Put } from '@nestjs/common';
import { RequireScope } from '../../../access/decorators/require-scope.js';
import { type Caller, CurrentCaller } from '../../../kit/audit/actor.js';
import { MailDomain } from '../../../kit/mailer/mail-domain.entity.js';
import { Answers, AnswersNothing } from '../../../core/wire/answers.js';
import { MERGE_FIELDS } from '../../directory/contacts/contact-merge-fields.js';
import { UNSUBSCRIBE_URL } from '../../../kit/mailer/unsubscribe-links.js';
import { PutDomainDto, QueuedEmails, ReportBounceDto, SendEmailDto } from './email.dto.js';
import { kit } from './email-domains.definition.js';
import { EmailDomains } from './email-domains.service.js';
import { messagesKit } from './email-messages.definition.js';
import { EmailMessages } from './email-messages.service.js';
import { Emails } from './emails.service.js';
import { Idempotent } from '../../../kit/idempotency/idempotent.js';
import { CurrentPrincipal } from '../../../access/decorators/current-principal.js';
import type { Principal } from '../../../access/principal/principal.js';

@Controller('email')
export class EmailController {
  constructor(
    private readonly emails: Emails,
    private readonly messages: EmailMessages,
  ) {}

  @Post()
  @RequireScope('email', 'write')
  @Answers(202, QueuedEmails, 'Send e-mails', {
    description:
      'To each recipient one, in their order, behind the answer: a mail server that is away loses none of them. ' +
      `Without a configured mail server they stay in the outbox for the operator, and none is sent. ${MERGE_FIELDS} ${UNSUBSCRIBE_URL} is one too, the link that List-Unsubscribe has.`,
  })
  @Idempotent()
  send(@CurrentPrincipal() principal: Principal, @Body() dto: SendEmailDto): Promise<QueuedEmails> {
    return this.emails.send(principal, dto, { mayMerge: true });
  }

  @Post('bounces')
  @RequireScope('email', 'write')
  @Answers(200, messagesKit.Row, 'Report a bounce', {
    description:
      'For the webhook of a mail provider, or the mailbox of the sender: a `sent` mail becomes `bounced`. Its contact ' +
      'becomes undeliverable, unless the status of the report is not about the address, such as a full mailbox. A report ' +
      'of a delay changes nothing.',
    refusals: [404],
  })
  reportBounce(@CurrentPrincipal() principal: Principal, @Body() dto: ReportBounceDto) {
    return this.messages.reportBounce(principal, dto);
  }
}

@Controller('email/messages')
export class EmailMessagesController extends messagesKit.Controller {
  constructor(override readonly service: EmailMessages) {
    super(service);
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
  put(@CurrentCaller() caller: Caller, @Body() dto: PutDomainDto) {
    return this.service.put(caller, dto);
  }

  @Patch(':domain_name')
  @RequireScope('email', 'write')
  @Answers(200, MailDomain, "Start a domain's verification", {
    description:
      'Its records are looked up behind the answer. While DNS does not answer that is tried again for some minutes; ' +
      'a domain that is verified stays so until something else is found.',
  })
  verify(@CurrentCaller() caller: Caller, @Param('domain_name') name: string) {
    return this.service.startVerification(caller, name);
  }

  @Delete(':domain_name')
  @RequireScope('email', 'write')
  @AnswersNothing('Delete a domain', { description: 'What waits to be sent from it fails.' })
  delete(@CurrentCaller() caller: Caller, @Param('domain_name') name: string): Promise<void> {
    return this.service.deleteByName(caller, name);
  }
}
