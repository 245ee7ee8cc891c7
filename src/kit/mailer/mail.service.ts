import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { CONFIG, type Config } from '../../core/config/config.js';
import { uuidV7 } from '../../core/database/uuid-v7.js';
import { defineJob } from '../../core/jobs/job.js';
import { Jobs } from '../../core/jobs/jobs.service.js';
import { oneLine } from '../../core/validation/one-line.js';
import { MailBody } from './mail-body.entity.js';
import { MailMessage } from './mail-message.entity.js';
import { MAIL_CONNECTIONS } from './smtp.js';

export interface NewMail {
  readonly orgId: string;
  /** A canonical address; nothing is sent unless its domain is one that the org has verified. */
  readonly from: string;
  readonly senderName: string;
  /** One canonical address. */
  readonly to: string;
  readonly subject: string;
  readonly html: string;
  /** Asked for by whoever gets it, such as a receipt; all other mail spares those who want none. */
  readonly isTransactional: boolean;
  /** What it is for: of several with the same key within an org only the first is sent. */
  readonly key?: string;
}

type Postponed = { readonly after?: Date };

/**
 * Sends one message; tried for two days, as mail servers do among themselves. For each org one at a time in a process,
 * so that its sudden end repeats one of each at most.
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

/** Puts down what is to be sent, in the transaction of what calls for it. `MailSender` sends it. */
@Injectable()
export class Mail {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly jobs: Jobs,
  ) {}

  /**
   * @param manager of the transaction
   * @param when at once by default
   * @returns whether there was none with its key
   */
  async enqueue(manager: EntityManager, mail: NewMail, when: Postponed = {}): Promise<boolean> {
    return (await this.enqueueAll(manager, [mail], when)) === 1;
  }

  /** In their order. @returns how many there are now that weren't there before */
  async enqueueAll(manager: EntityManager, mails: readonly NewMail[], when: Postponed = {}): Promise<number> {
    if (mails.length === 0) return 0;
    const bodies = bodiesOf(mails);
    await manager.insert(MailBody, [...bodies.values()]);
    const isSent = this.config.smtpUrl !== undefined;
    const rows = mails.map((mail) => ({
      org_id: mail.orgId,
      id: uuidV7(),
      key: mail.key ?? null,
      from_email: mail.from,
      sender_name: oneLine(mail.senderName),
      to_email: mail.to,
      subject: oneLine(mail.subject),
      is_transactional: mail.isTransactional,
      body_id: bodies.get(bodyKeyOf(mail))!.id,
      status: isSent ? ('queued' as const) : ('outbox' as const),
      ended_at: isSent ? null : new Date(),
    }));
    const insert = manager.createQueryBuilder().insert().into(MailMessage).values(rows).orIgnore();
    const { raw } = await insert.updateEntity(false).returning('org_id, id').execute();
    const added = raw as MessageKey[];
    if (isSent) await this.jobs.enqueueAll(manager, MAIL, added, when);
    return added.length;
  }
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
