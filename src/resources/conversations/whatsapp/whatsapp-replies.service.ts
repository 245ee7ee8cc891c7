import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { uuidV7 } from '../../../core/database/uuid-v7.js';
import { WhatsAppNumber } from '../../../tenancy/whatsapp-numbers/whatsapp-number.entity.js';
import { ChannelDelivery, type ChannelMessage } from '../chat-sessions/channel-delivery.service.js';
import type { ChatSession } from '../chat-sessions/chat-session.entity.js';
import { SessionContacts } from '../chat-sessions/session-contacts.service.js';
import { WhatsAppQueue } from './whatsapp-queue.service.js';

/** The limit of the Cloud API. */
const CHARACTERS_MAX = 4_096;

/** Sends messages of WhatsApp sessions to the contact. WhatsApp accepts them for 24 hours after the contact's last one. */
@Injectable()
export class WhatsAppReplies implements OnModuleInit {
  constructor(
    private readonly delivery: ChannelDelivery,
    private readonly contacts: SessionContacts,
    private readonly queue: WhatsAppQueue,
  ) {}

  onModuleInit(): void {
    this.delivery.handle('whatsapp', (manager, session, message) => this.#enqueue(manager, session, message));
  }

  async #enqueue(manager: EntityManager, session: ChatSession, message: ChannelMessage): Promise<string | undefined> {
    const { org_id } = session;
    const to = (await this.contacts.addressesOf(manager, session)).phone_number;
    if (to === null) return 'The contact has no phone number.';
    const phone_number_id = session.channel_address ?? (await firstNumber(manager, org_id));
    if (phone_number_id === undefined) return 'The organization has no WhatsApp number.';
    const text = textOf(message);
    if (text.length > CHARACTERS_MAX) return `WhatsApp accepts at most ${CHARACTERS_MAX} characters.`;
    await this.queue.add(manager, {
      org_id,
      id: uuidV7(),
      event_id: message.id,
      phone_number_id,
      message: { to, text },
    });
    return undefined;
  }
}

async function firstNumber(manager: EntityManager, org_id: string): Promise<string | undefined> {
  const select = { phone_number_id: true } as const;
  const number = await manager.findOne(WhatsAppNumber, { select, where: { org_id }, order: { id: 'ASC' } });
  return number?.phone_number_id;
}

function textOf({ text, links }: ChannelMessage): string {
  return [text, ...links.map(({ name, url }) => `${name}: ${url}`)].filter((line) => line !== '').join('\n\n');
}
