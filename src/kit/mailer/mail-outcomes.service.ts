import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database } from '../../core/database/database.js';
import { inTransaction } from '../../core/database/transaction.js';
import type { MessageKey } from './mail.service.js';
import type { MailMessage, MailStatus } from './mail-message.entity.js';

type EndedMessage = Pick<MailMessage, 'org_id' | 'id' | 'key' | 'to_email' | 'status' | 'reason'>;

export interface MailOutcome extends EndedMessage {
  /** True: no mail reaches the recipient. */
  readonly isUndeliverable: boolean;
}

/** Runs in the transaction that stores the outcome, so an error rolls both back. */
export type OutcomeListener = (manager: EntityManager, outcome: MailOutcome) => Promise<void>;

const END = `
  UPDATE mail_messages SET status = $3, reason = $4, ended_at = now(), updated_at = now(),
    body_id = CASE WHEN $3 = 'outbox' THEN body_id END
  WHERE org_id = $1 AND id = $2 AND status = 'queued'
  RETURNING org_id, id, key, to_email, status, reason`;

const BOUNCE = `
  UPDATE mail_messages SET status = 'bounced', reason = $3, updated_at = now()
  WHERE org_id = $1 AND id = $2 AND status = 'sent'
  RETURNING org_id, id, key, to_email, status, reason`;

/** Stores how messages end, and tells the features that enqueued them. */
@Injectable()
export class MailOutcomes {
  readonly #listeners: OutcomeListener[] = [];

  constructor(private readonly database: Database) {}

  /** Must run before the server starts. */
  listen(listener: OutcomeListener): void {
    this.#listeners.push(listener);
  }

  /** Does nothing if the message has ended. */
  async end(key: MessageKey, status: MailStatus, reason: string | null, isUndeliverable = false): Promise<void> {
    await this.#change(END, [key.org_id, key.id, status, reason], isUndeliverable);
  }

  /** Does nothing if the message wasn't sent, or bounced before. */
  async bounce(key: MessageKey, reason: string, isUndeliverable: boolean): Promise<void> {
    await this.#change(BOUNCE, [key.org_id, key.id, reason], isUndeliverable);
  }

  async #change(sql: string, values: readonly unknown[], isUndeliverable: boolean): Promise<void> {
    await inTransaction(this.database.dataSource, async (manager) => {
      const [changed] = (await manager.query(sql, [...values])) as [EndedMessage[], number];
      for (const message of changed) {
        for (const listener of this.#listeners) await listener(manager, { ...message, isUndeliverable });
      }
    });
  }
}
