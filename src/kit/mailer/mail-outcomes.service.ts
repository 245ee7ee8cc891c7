import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database } from '../../core/database/database.js';
import { inTransaction } from '../../core/database/transaction.js';
import type { MessageKey } from './mail.service.js';
import type { MailMessage, MailStatus } from './mail-message.entity.js';

export type MailOutcome = Pick<MailMessage, 'org_id' | 'id' | 'key' | 'to_email' | 'status' | 'reason'>;

/** Runs in the transaction that stores the outcome, so an error rolls both back. */
export type OutcomeListener = (manager: EntityManager, outcome: MailOutcome) => Promise<void>;

const END = `
  UPDATE mail_messages SET status = $3, reason = $4, ended_at = now(), updated_at = now(),
    body_id = CASE WHEN $3 = 'outbox' THEN body_id END
  WHERE org_id = $1 AND id = $2 AND status = 'queued'
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
  async end({ org_id, id }: MessageKey, status: MailStatus, reason: string | null): Promise<void> {
    await inTransaction(this.database.dataSource, async (manager) => {
      const [ended] = (await manager.query(END, [org_id, id, status, reason])) as [MailOutcome[], number];
      for (const outcome of ended) await this.#tell(manager, outcome);
    });
  }

  async #tell(manager: EntityManager, outcome: MailOutcome): Promise<void> {
    for (const listener of this.#listeners) await listener(manager, outcome);
  }
}
