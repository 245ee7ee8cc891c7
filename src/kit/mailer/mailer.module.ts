import { Global, Module } from '@nestjs/common';
import { Mail } from './mail.service.js';
import { MailDomains } from './mail-domains.service.js';
import { MailSender } from './mail-sender.js';

/** Mail to anybody's address: what sends any puts it down with `Mail`. */
@Global()
@Module({ providers: [Mail, MailSender, MailDomains], exports: [Mail, MailSender, MailDomains] })
export class MailerModule {}
