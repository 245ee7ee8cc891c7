import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { WithinOrg } from '../../../access/principal/principal.js';
import { Database } from '../../../core/database/database.js';
import { inTransaction } from '../../../core/database/transaction.js';
import { invalidField } from '../../../core/errors/invalid-request.js';
import { uuidV7 } from '../../../core/database/uuid-v7.js';
import { Mail } from '../../../kit/mailer/mail.service.js';
import { MailOutcomes } from '../../../kit/mailer/mail-outcomes.service.js';
import { MailDomains } from '../../../kit/mailer/mail-domains.service.js';
import { MailSender } from '../../../kit/mailer/mail-sender.js';
import { valuesOf } from '../../directory/contacts/contact-merge-fields.js';
import { Contact } from '../../directory/contacts/contact.entity.js';
import { Contacts, UNSUBSCRIBED_REASON } from '../../directory/contacts/contacts.service.js';
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
    private readonly outcomes: MailOutcomes,
    private readonly contacts: Contacts,
  ) {}

  /** For the mail of every feature: contacts that unsubscribe while it is queued do not get it, and bounces are recorded. */
  onModuleInit(): void {
    this.sender.mergeWith(async (manager, { org_id, to_email: email }) =>
      valuesOf((await manager.findOneBy(Contact, { org_id, email })) ?? { email }),
    );
    this.sender.checkBeforeSending(async (manager, { org_id, to_email, is_transactional }) => {
      if (is_transactional) return undefined;
      return this.contacts.findMailObstacle(manager, org_id, to_email);
    });
    this.outcomes.listen(async (manager, { org_id, to_email, reason, isUndeliverable }) => {
      if (isUndeliverable) await this.contacts.markUndeliverable(manager, org_id, to_email, reason);
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
      const batchId = uuidV7();
      const batch = mails.map((mail) => ({
        ...mail,
        batchId,
        skippedBecause: !mail.isTransactional && unsubscribed.has(mail.to) ? UNSUBSCRIBED_REASON : undefined,
      }));
      const when = delay === undefined ? {} : { after: new Date(Date.now() + delay * MINUTE_MS) };
      await this.mail.enqueueAll(manager, batch, when);
      const skipped = batch.filter(({ skippedBecause }) => skippedBecause !== undefined).length;
      return { batch_id: batchId, queued: batch.length - skipped, skipped_unsubscribed: skipped };
    });
  }
}
