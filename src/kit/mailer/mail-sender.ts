import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { BoundedMap } from '../../core/cache/bounded-map.js';
import { CONFIG, type Config } from '../../core/config/config.js';
import { Database } from '../../core/database/database.js';
import { SecretBox } from '../../core/encryption/secret-box.js';
import { Jobs } from '../../core/jobs/jobs.service.js';
import { LOG, type Log } from '../../core/logging/log.js';
import { domainOf } from '../../core/validation/address.js';
import { oneLine } from '../../core/validation/one-line.js';
import { escapeHtml } from '../../core/wire/escape-html.js';
import { mergeText, type MergeValues } from '../merge-fields/merge-text.js';
import { MAIL, type MessageKey, messageIdOf } from './mail.service.js';
import type { MailMessage } from './mail-message.entity.js';
import { MailOutcomes } from './mail-outcomes.service.js';
import { plainTextOf } from './plain-text.js';
import { refusalOf } from './refusal.js';
import { type DkimSigner, Smtp } from './smtp.js';
import { UNSUBSCRIBE_URL, UnsubscribeLinks } from './unsubscribe-links.js';

/** Messages of one call share their body and are sent in sequence, so a small cache suffices. */
const TEXTS_MAX = 10;

/** A message that is about to be sent. */
export interface DueMail extends Pick<
  MailMessage,
  | 'org_id'
  | 'id'
  | 'key'
  | 'from_email'
  | 'sender_name'
  | 'to_email'
  | 'subject'
  | 'is_transactional'
  | 'may_merge'
  | 'refers_to'
> {
  readonly body_id: string;
  readonly html: string;
  readonly domain_id: string | null;
  readonly dkim_selector: string | null;
  /** Encrypted. Null: the domain's DKIM record is not verified. */
  readonly dkim_private_key: Buffer | null;
  /** True if the org verified the sender's domain, or the server is the sender. */
  readonly is_verified: boolean;
  readonly is_archived: boolean;
}

/** Reads the values of a recipient's merge fields. */
export type MergeLookup = (manager: EntityManager, mail: DueMail) => Promise<MergeValues>;

/** Returns the reason to skip a message, or undefined to send it. */
export type MailCheck = (manager: EntityManager, mail: DueMail) => Promise<string | undefined>;

// A process may have ended the message and crashed before the job completed. Then no row matches.
const DUE = `
  SELECT mail_messages.org_id, mail_messages.id, key, from_email, sender_name, to_email, subject, is_transactional,
    may_merge, refers_to, body_id, html, archived_at IS NOT NULL AS is_archived, is_from_server OR domain_status = 'verified' AS is_verified,
    mail_domains.id AS domain_id, dkim_selector,
    CASE WHEN domain_records @> jsonb_build_array(jsonb_build_object(
      'name', dkim_selector || '._domainkey.' || domain_name, 'status', 'verified')) THEN dkim_private_key END AS dkim_private_key
  FROM mail_messages
  LEFT JOIN mail_domains
    ON mail_domains.org_id = mail_messages.org_id AND domain_name = split_part(from_email, '@', -1)
  JOIN mail_bodies ON mail_bodies.org_id = mail_messages.org_id AND mail_bodies.id = body_id
  JOIN orgs ON orgs.id = mail_messages.org_id
  WHERE mail_messages.org_id = $1 AND mail_messages.id = $2 AND status = 'queued'`;

/** Sends the messages that `Mail` enqueues. Delivery is at least once; duplicates occur only after a crash. */
@Injectable()
export class MailSender implements OnModuleInit {
  readonly #smtp: Smtp | undefined;
  readonly #checks: MailCheck[] = [];
  #mergeValuesOf: MergeLookup = async () => () => undefined;
  readonly #texts = new BoundedMap<string, Promise<string>>(TEXTS_MAX);

  constructor(
    @Inject(CONFIG) { smtpUrl }: Config,
    @Inject(LOG) log: Log,
    private readonly database: Database,
    private readonly jobs: Jobs,
    private readonly outcomes: MailOutcomes,
    private readonly links: UnsubscribeLinks,
    private readonly secretBox: SecretBox,
  ) {
    this.#smtp = smtpUrl === undefined ? undefined : new Smtp(smtpUrl, log);
  }

  onModuleInit(): void {
    this.jobs.handle(MAIL, {
      run: (key, signal) => this.#send(key, signal),
      giveUp: (key) => this.outcomes.end(key, 'failed', 'The mail server did not take it in two days.'),
    });
    // Closes after the jobs, whose module is initialized first.
    this.database.beforeClose(async () => this.#smtp?.close());
  }

  /** Adds a check that runs right before sending, which can be long after enqueueing. Call before the server starts. */
  checkBeforeSending(check: MailCheck): void {
    this.#checks.push(check);
  }

  /** Sets where merge fields get their values. Call before the server starts. */
  mergeWith(lookup: MergeLookup): void {
    this.#mergeValuesOf = lookup;
  }

  async #send(key: MessageKey, signal: AbortSignal): Promise<void> {
    const { manager } = this.database;
    const [mail] = (await manager.query(DUE, [key.org_id, key.id])) as DueMail[];
    if (mail === undefined) return;
    if (this.#smtp === undefined) return this.outcomes.end(key, 'outbox', null);
    if (mail.is_archived) return this.outcomes.end(key, 'skipped', 'The organization is archived.');
    if (!mail.is_verified) return this.outcomes.end(key, 'failed', 'The domain that it is from is not verified.');
    for (const check of this.#checks) {
      const reason = await check(manager, mail);
      if (reason !== undefined) return this.outcomes.end(key, 'skipped', reason);
    }
    await this.#deliver(this.#smtp, mail.may_merge ? await this.#merged(mail) : mail, signal);
  }

  /** A permanent refusal ends the message. Other errors are thrown, so the job retries. */
  async #deliver(smtp: Smtp, mail: DueMail, signal: AbortSignal): Promise<void> {
    const { from_email: address, sender_name: name, to_email: to, subject, html, refers_to: references } = mail;
    const message = {
      messageId: messageIdOf(mail),
      from: { name, address },
      to,
      subject,
      html,
      text: await this.#textOf(mail),
      references,
      unsubscribeUrl: mail.is_transactional ? undefined : this.#unsubscribeUrlOf(mail),
      dkim: this.#signerOf(mail),
    };
    try {
      await smtp.send(message, signal);
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal === undefined) throw error;
      return this.outcomes.end(mail, 'rejected', refusal.reason, refusal.isAboutRecipient);
    }
    await this.outcomes.end(mail, 'sent', null);
  }

  async #merged(mail: DueMail): Promise<DueMail> {
    const contact = await this.#mergeValuesOf(this.database.manager, mail);
    const values = (field: string) => (field === UNSUBSCRIBE_URL ? this.#unsubscribeUrlOf(mail) : contact(field));
    return {
      ...mail,
      sender_name: oneLine(mergeText(mail.sender_name, values)),
      subject: oneLine(mergeText(mail.subject, values)),
      html: mergeText(mail.html, values, escapeHtml),
    };
  }

  #unsubscribeUrlOf({ org_id: orgId, to_email: email }: DueMail): string {
    return this.links.linkTo({ orgId, email });
  }

  #signerOf({
    org_id,
    from_email,
    domain_id,
    dkim_selector,
    dkim_private_key: sealed,
  }: DueMail): DkimSigner | undefined {
    if (sealed === null) return undefined;
    const privateKey = this.secretBox.open(sealed, `mail_domains.dkim_private_key ${org_id} ${domain_id}`);
    return { domainName: domainOf(from_email), keySelector: dkim_selector!, privateKey };
  }

  #textOf({ body_id, html, may_merge }: DueMail): Promise<string> {
    if (may_merge) return plainTextOf(html);
    const known = this.#texts.get(body_id);
    if (known) return known;
    const text = plainTextOf(html);
    this.#texts.set(body_id, text);
    return text;
  }
}
