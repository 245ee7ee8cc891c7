import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Attachments } from './attachments.service.js';
import { ChannelDelivery } from './channel-delivery.service.js';
import type { Sender } from './chat-event.entity.js';
import { ChatHistory } from './chat-history.service.js';
import type { ChatSession } from './chat-session.entity.js';
import { MessageStore } from './message-store.service.js';
import type { NewMessage } from './send-message.dto.js';

/** People open mail late. */
const LINK_SECONDS = 30 * 24 * 60 * 60;

/** Messages of the org to the contact: in the history, and on the session's channel. */
@Injectable()
export class OutgoingMessages {
  constructor(
    private readonly store: MessageStore,
    private readonly delivery: ChannelDelivery,
    private readonly history: ChatHistory,
    private readonly attachments: Attachments,
  ) {}

  /** The session must be locked. @returns the id of the message @throws AppError storage_full (409) */
  async send(
    manager: EntityManager,
    session: ChatSession,
    message: Pick<NewMessage, 'text' | 'attachments'>,
    sender: Sender,
    context?: object,
  ): Promise<string> {
    const { id, attachments } = await this.store.add(manager, session, message, sender, context);
    const reason = await this.delivery.deliver(manager, session, {
      id,
      text: message.text ?? '',
      senderName: sender.name ?? undefined,
      links: attachments.map((each) => ({
        name: each.name,
        url: each.url ?? this.attachments.linkTo(each.id, LINK_SECONDS),
      })),
    });
    if (reason !== undefined)
      await this.history.setContext(manager, session.org_id, id, { ...context, not_sent: reason });
    return id;
  }
}
