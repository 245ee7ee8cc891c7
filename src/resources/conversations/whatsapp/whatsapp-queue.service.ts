import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { defineJob } from '../../../core/jobs/job.js';
import { Jobs } from '../../../core/jobs/jobs.service.js';
import { WhatsApp } from '../../../kit/outbound/whatsapp.js';
import { WhatsAppMessage } from './whatsapp-message.entity.js';

/** Sends one message. Retries for two days. */
export const WHATSAPP = defineJob<{ readonly org_id: string; readonly id: string }>({
  name: 'whatsapp-message',
  retries: 60,
  retryAfterSeconds: 10,
  secondsMax: 60,
  atOnce: 6,
});

type NewWhatsAppMessage = Pick<WhatsAppMessage, 'org_id' | 'id' | 'event_id' | 'phone_number_id' | 'message'>;

/** Enqueues messages in the transaction of their history entry. `WhatsAppSender` sends them. */
@Injectable()
export class WhatsAppQueue {
  constructor(
    private readonly jobs: Jobs,
    private readonly whatsApp: WhatsApp,
  ) {}

  async add(manager: EntityManager, message: NewWhatsAppMessage): Promise<void> {
    const isSent = this.whatsApp.configured !== undefined;
    await manager.insert(WhatsAppMessage, {
      ...message,
      status: isSent ? 'queued' : 'outbox',
      ended_at: isSent ? null : new Date(),
    });
    if (isSent) await this.jobs.enqueue(manager, WHATSAPP, { org_id: message.org_id, id: message.id });
  }
}
