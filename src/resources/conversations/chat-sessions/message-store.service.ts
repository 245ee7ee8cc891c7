import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { uuidV7 } from '../../../core/database/uuid-v7.js';
import { StorageTotals } from '../../../kit/files/storage-totals.js';
import { ChatAttachment } from './chat-attachment.entity.js';
import type { Sender } from './chat-event.entity.js';
import { ChatHistory } from './chat-history.service.js';
import type { ChatSession } from './chat-session.entity.js';
import { keyOf } from './chat-sessions.service.js';
import type { NewMessage } from './send-message.dto.js';

export interface StoredMessage {
  readonly id: string;
  readonly attachments: readonly Pick<ChatAttachment, 'id' | 'name' | 'url'>[];
}

/** Adds messages with their attachments to the history. */
@Injectable()
export class MessageStore {
  constructor(
    private readonly history: ChatHistory,
    private readonly totals: StorageTotals,
  ) {}

  /** @throws AppError storage_full (409) */
  async add(
    manager: EntityManager,
    session: ChatSession,
    { text = '', attachments = [] }: Pick<NewMessage, 'text' | 'attachments'>,
    sender: Sender,
    context?: object,
  ): Promise<StoredMessage> {
    const id = await this.history.append(manager, {
      ...keyOf(session),
      type: 'message',
      sender,
      text,
      ...(context && { context }),
    });
    const rows = attachments.map(({ name, url, base64, mime_type }) => ({
      id: uuidV7(),
      org_id: session.org_id,
      event_id: id,
      name,
      mime_type,
      url: url ?? null,
      content: base64 === undefined ? null : Buffer.from(base64, 'base64'),
    }));
    await manager.insert(ChatAttachment, rows);
    const bytes = rows.reduce((sum, { content }) => sum + (content?.length ?? 0), 0);
    await this.totals.add(manager, session.org_id, bytes);
    return { id, attachments: rows };
  }
}
