import { Global, Module } from '@nestjs/common';
import { Mail } from './mail.service.js';
import { MailOutcomes } from './mail-outcomes.service.js';
import { MailDomains } from './mail-domains.service.js';
import { MailSender } from './mail-sender.js';
import { UnsubscribeLinks } from './unsubscribe-links.js';

const SERVICES = [Mail, MailSender, MailOutcomes, MailDomains, UnsubscribeLinks];

/** Outgoing mail. Features enqueue it with `Mail`. */
@Global()
@Module({ providers: SERVICES, exports: SERVICES })
export class MailerModule {}
