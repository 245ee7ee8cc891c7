import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { WithinOrg } from '../../../access/principal/principal.js';
import { Database } from '../../../core/database/database.js';
import { inTransaction } from '../../../core/database/transaction.js';
import { invalidField } from '../../../core/errors/invalid-request.js';
import { Mail } from '../../../kit/mailer/mail.service.js';
import { MailDomains } from '../../../kit/mailer/mail-domains.service.js';
import { MailSender } from '../../../kit/mailer/mail-sender.js';
import { valuesOf } from '../../directory/contacts/contact-merge-fields.js';
import { Contact } from '../../directory/contacts/contact.entity.js';
import { Contacts } from '../../directory/contacts/contacts.service.js';
import type { QueuedEmails, SendEmailDto } from './email.dto.js';
import { mailsOf } from './mails-of.js';

const MINUTE_MS = 60_000;

/** Mail that API clients send. */
@Injectable()
export class Emails implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly mail: Mail,
    private readonly domains: MailDomains,
    private readonly sender: MailSender,
    private readonly contacts: Contacts,
  ) {}

  /** Contacts that unsubscribe while a mail is queued do not get it. This holds for the mail of every feature. */
  onModuleInit(): void {
    this.sender.mergeWith(async (manager, { org_id, to_email: email }) =>
      valuesOf((await manager.findOneBy(Contact, { org_id, email })) ?? { email }),
    );
    this.sender.checkBeforeSending(async (manager, { org_id, to_email, is_transactional }) => {
      if (is_transactional) return undefined;
      const unsubscribed = await this.contacts.unsubscribedAmong(manager, org_id, [to_email]);
      return unsubscribed.size > 0 ? 'The contact has unsubscribed.' : undefined;
    });
  }

  /**
   * @param options `mayMerge`: the texts are of an author, so that their merge fields are replaced
   * @throws AppError invalid_request (400) for a sender's domain that is not verified, and those of `mailsOf`
   */
  async send({ orgId }: WithinOrg, dto: SendEmailDto, options: { mayMerge?: boolean } = {}): Promise<QueuedEmails> {
    const mails = mailsOf(orgId, dto).map((mail) => ({ ...mail, ...options }));
    const { delay_in_minutes: delay } = dto;
    return inTransaction(this.database.dataSource, async (manager) => {
      if (!(await this.domains.isVerified(manager, orgId, dto.from_email))) {
        throw invalidField('from_email', 'from_email must use a verified domain: see PUT /email/domains');
      }
      const sparing = mails.filter(({ isTransactional }) => !isTransactional).map(({ to }) => to);
      const unsubscribed = await this.contacts.unsubscribedAmong(manager, orgId, sparing);
      const wanted = mails.filter(({ isTransactional, to }) => isTransactional || !unsubscribed.has(to));
      const when = delay === undefined ? {} : { after: new Date(Date.now() + delay * MINUTE_MS) };
      await this.mail.enqueueAll(manager, wanted, when);
      return { queued: wanted.length, skipped_unsubscribed: mails.length - wanted.length };
    });
  }
}
