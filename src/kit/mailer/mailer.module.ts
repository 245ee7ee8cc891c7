import { Global, Module } from '@nestjs/common';
import { Mail } from './mail.service.js';
import { MailDomains } from './mail-domains.service.js';
import { MailSender } from './mail-sender.js';

/** Outgoing mail. Features enqueue it with `Mail`. */
@Global()
@Module({ providers: [Mail, MailSender, MailDomains], exports: [Mail, MailSender, MailDomains] })
export class MailerModule {}
