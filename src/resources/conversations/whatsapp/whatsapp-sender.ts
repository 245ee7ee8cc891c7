import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database } from '../../../core/database/database.js';
import { Jobs } from '../../../core/jobs/jobs.service.js';
import { WhatsApp } from '../../../kit/outbound/whatsapp.js';
import { WhatsAppNumber } from '../../../tenancy/whatsapp-numbers/whatsapp-number.entity.js';
import { WhatsAppMessage } from './whatsapp-message.entity.js';
import { WHATSAPP } from './whatsapp-queue.service.js';

type Key = Pick<WhatsAppMessage, 'org_id' | 'id'>;
type End = Pick<WhatsAppMessage, 'status'> & Partial<WhatsAppMessage>;

/** Sends queued messages at least once. Only a crash during the call can send one twice. */
@Injectable()
export class WhatsAppSender implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
    private readonly whatsApp: WhatsApp,
  ) {}

  onModuleInit(): void {
    this.jobs.handle(WHATSAPP, {
      run: (key, signal) => this.#send(key, signal),
      giveUp: (key) => this.#end(key, { status: 'failed', reason: 'WhatsApp did not accept it within two days.' }),
    });
  }

  async #send({ org_id, id }: Key, signal: AbortSignal): Promise<void> {
    // An earlier attempt finished the message and died before it could complete the job.
    const select = { org_id: true, id: true, phone_number_id: true, message: true } as const;
    const where = { org_id, id, status: 'queued' } as const;
    const due = await this.database.manager.findOne(WhatsAppMessage, { select, where });
    if (due === null) return;
    const { configured } = this.whatsApp;
    if (due.message === null) return this.#end(due, { status: 'failed', reason: 'It was redacted.' });
    // The number may have been released and assigned to another org meanwhile.
    const { phone_number_id } = due;
    const isAssigned = await this.database.manager.existsBy(WhatsAppNumber, { org_id, phone_number_id });
    if (!isAssigned)
      return this.#end(due, { status: 'failed', reason: 'The number is no longer assigned to the org.' });
    if (configured === undefined) return this.#end(due, { status: 'outbox', message: due.message });
    const answer = await configured.send(phone_number_id, due.message, id, signal);
    await this.#end(
      due,
      'refusal' in answer ? { status: 'rejected', reason: answer.refusal } : { status: 'sent', sent_as: answer.id },
    );
  }

  /** Clears the text, which is in the history. */
  async #end({ org_id, id }: Key, end: End): Promise<void> {
    const values = { message: null, ...end, ended_at: new Date() };
    await this.database.manager.update(WhatsAppMessage, { org_id, id, status: 'queued' }, values);
  }
}
