import { Inject, Injectable } from '@nestjs/common';
import { type EntityManager, In } from 'typeorm';
import { CONFIG, type Config } from '../../core/config/config.js';
import { uuidV7 } from '../../core/database/uuid-v7.js';
import { defineJob } from '../../core/jobs/job.js';
import { Jobs } from '../../core/jobs/jobs.service.js';
import { domainOf } from '../../core/validation/address.js';
import { oneLine } from '../../core/validation/one-line.js';
import { hasMergeFields } from '../merge-fields/merge-text.js';
import { MailBody } from './mail-body.entity.js';
import { MailMessage } from './mail-message.entity.js';
import { MAIL_CONNECTIONS } from './smtp.js';

export interface NewMail {
  readonly orgId: string;
  /** A canonical address. The message fails unless the org verified its domain. `SERVER`: the server's own address. */
  readonly from: string | typeof SERVER;
  readonly senderName: string;
  /** A canonical address. */
  readonly to: string;
  readonly subject: string;
  readonly html: string;
  /** True for mail that the recipient requested, such as a receipt. All other mail respects unsubscribes. */
  readonly isTransactional: boolean;
  /** Replaces merge fields in subject, sender name and body when the mail is sent. False by default. */
  readonly mayMerge?: boolean;
  /** Message-IDs of the thread, oldest first. The mail is a reply to the last one. */
  readonly refersTo?: readonly string[];
  /** Stores the mail as skipped, for this reason. */
  readonly skippedBecause?: string | undefined;
  /** Of the request, to find its messages. */
  readonly batchId?: string;
  /** Deduplication key within the org: only the first message with a key is sent. */
  readonly key?: string;
}

/** The sender of mail to people of an org about the org itself. It doesn't appear in the org's list of mail. */
export const SERVER = Symbol('the server itself');

type Postponed = { readonly after?: Date };

/**
 * Sends one message, with retries for two days, as mail servers do. A process sends one message per org at a time, so
 * that a crash duplicates at most one per org.
 */
export const MAIL = defineJob<MessageKey>({
  name: 'mail',
  retries: 60,
  retryAfterSeconds: 10,
  secondsMax: 120,
  atOnce: MAIL_CONNECTIONS,
  atOncePerOrg: 1,
});

export interface MessageKey {
  readonly org_id: string;
  readonly id: string;
}

/** Enqueues mail in the transaction of its cause. `MailSender` sends it. */
@Injectable()
export class Mail {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly jobs: Jobs,
  ) {}

  /** The status of a new message. */
  get newStatus(): 'queued' | 'outbox' {
    return this.config.smtpUrl === undefined ? 'outbox' : 'queued';
  }

  /**
   * @param manager of the transaction
   * @param when immediately by default
   * @returns false if the org already has a message with this key
   */
  async enqueue(manager: EntityManager, mail: NewMail, when: Postponed = {}): Promise<boolean> {
    return (await this.enqueueAll(manager, [mail], when)) === 1;
  }

  /** Returns the Message-IDs of the messages with some deduplication keys, by key. */
  async messageIdsOf(manager: EntityManager, orgId: string, keys: readonly string[]): Promise<Map<string, string>> {
    const select = { key: true, id: true, from_email: true } as const;
    const found = await manager.find(MailMessage, { select, where: { org_id: orgId, key: In(keys) } });
    return new Map(found.map((message) => [message.key!, messageIdOf(message)]));
  }

  /** Enqueues messages in order, and stores skipped ones. @returns the number of messages whose key was new */
  async enqueueAll(manager: EntityManager, mails: readonly NewMail[], when: Postponed = {}): Promise<number> {
    if (mails.length === 0) return 0;
    const bodies = bodiesOf(mails.filter(({ skippedBecause }) => skippedBecause === undefined));
    if (bodies.size > 0) await manager.insert(MailBody, [...bodies.values()]);
    const status = this.newStatus;
    const isSent = status === 'queued';
    const rows = mails.map((mail) => ({
      org_id: mail.orgId,
      id: uuidV7(),
      key: mail.key ?? null,
      from_email: mail.from === SERVER ? this.config.mailFrom : mail.from,
      is_from_server: mail.from === SERVER,
      sender_name: oneLine(mail.senderName),
      to_email: mail.to,
      subject: oneLine(mail.subject),
      is_transactional: mail.isTransactional,
      refers_to: [...(mail.refersTo ?? [])],
      may_merge: mail.mayMerge === true && [mail.senderName, mail.subject, mail.html].some(hasMergeFields),
      batch_id: mail.batchId ?? null,
      ...(mail.skippedBecause === undefined
        ? { body_id: bodies.get(bodyKeyOf(mail))!.id, status, ended_at: isSent ? null : new Date() }
        : { status: 'skipped' as const, reason: mail.skippedBecause, ended_at: new Date() }),
    }));
    const insert = manager.createQueryBuilder().insert().into(MailMessage).values(rows).orIgnore();
    const { raw } = await insert.updateEntity(false).returning('org_id, id, status').execute();
    const added = raw as (MessageKey & Pick<MailMessage, 'status'>)[];
    const queued = added.filter((message) => message.status === 'queued').map(({ org_id, id }) => ({ org_id, id }));
    await this.jobs.enqueueAll(manager, MAIL, queued, when);
    return added.length;
  }
}

/** SQL for `messageIdOf` a row of `mail_messages`. */
export const MESSAGE_ID_SQL = `'<' || mail_messages.id || '@' || split_part(mail_messages.from_email, '@', -1) || '>'`;

/** The same for each attempt to send a message, so that recipients can detect duplicates. */
export function messageIdOf({ id, from_email }: Pick<MailMessage, 'id' | 'from_email'>): string {
  return `<${id}@${domainOf(from_email)}>`;
}

function bodyKeyOf({ orgId, html }: NewMail): string {
  return `${orgId} ${html}`;
}

function bodiesOf(mails: readonly NewMail[]): Map<string, Pick<MailBody, 'org_id' | 'id' | 'html'>> {
  const bodies = new Map<string, Pick<MailBody, 'org_id' | 'id' | 'html'>>();
  for (const mail of mails) {
    const key = bodyKeyOf(mail);
    if (!bodies.has(key)) bodies.set(key, { org_id: mail.orgId, id: uuidV7(), html: mail.html });
  }
  return bodies;
}
