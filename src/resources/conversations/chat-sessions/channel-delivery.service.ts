import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Channel } from './channels.js';
import type { ChatSession } from './chat-session.entity.js';

/** A message to the contact. */
export interface ChannelMessage {
  /** Of its entry in the history. Deduplicates attempts to send it. */
  readonly id: string;
  readonly text: string;
  readonly senderName: string | undefined;
  /** Its attachments. */
  readonly links: readonly { readonly name: string; readonly url: string }[];
}

/** Enqueues a message in the transaction. @returns the reason why it cannot be sent, if any, as a sentence */
export type Deliver = (
  manager: EntityManager,
  session: ChatSession,
  message: ChannelMessage,
) => Promise<string | undefined>;

/** Sends messages on the channels that have an adapter. Clients of all other channels read the history. */
@Injectable()
export class ChannelDelivery {
  readonly #adapters = new Map<Channel, Deliver>();

  /** Must run before the server starts. */
  handle(channel: Channel, deliver: Deliver): void {
    this.#adapters.set(channel, deliver);
  }

  async deliver(manager: EntityManager, session: ChatSession, message: ChannelMessage): Promise<string | undefined> {
    return this.#adapters.get(session.channel_type)?.(manager, session, message);
  }
}
