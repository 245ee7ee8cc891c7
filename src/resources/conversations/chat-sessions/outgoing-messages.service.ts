import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Attachments } from './attachments.service.js';
import { ChannelDelivery, type ChannelMessage } from './channel-delivery.service.js';
import type { Sender } from './chat-event.entity.js';
import { ChatHistory } from './chat-history.service.js';
import type { ChatSession } from './chat-session.entity.js';
import { keyOf } from './chat-sessions.service.js';
import { MessageStore, type MessageToStore } from './message-store.service.js';

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
    message: MessageToStore,
    sender: Sender,
    context?: object,
  ): Promise<string> {
    const { id, attachments } = await this.store.add(manager, session, message, sender, context);
    const links = attachments.map(({ id: attachmentId, name, url }) => ({
      name,
      url: url ?? this.attachments.linkTo(attachmentId, LINK_SECONDS),
    }));
    const outgoing = { id, text: message.text ?? '', senderName: sender.name ?? undefined, links };
    await this.#deliver(manager, session, outgoing, context);
    return id;
  }

  /** Requests a score. The session must be locked, and stays closed. @param context with the link of the survey */
  async requestScore(manager: EntityManager, session: ChatSession, text: string, context: object): Promise<void> {
    const id = await this.history.append(manager, { ...keyOf(session), type: 'csat_requested', text, context });
    await this.#deliver(manager, session, { id, text, senderName: undefined, links: [] }, context);
  }

  async #deliver(
    manager: EntityManager,
    session: ChatSession,
    message: ChannelMessage,
    context: object | undefined,
  ): Promise<void> {
    const not_sent = await this.delivery.deliver(manager, session, message);
    if (not_sent === undefined) return;
    await this.history.setContext(manager, session.org_id, message.id, { ...context, not_sent });
  }
}
